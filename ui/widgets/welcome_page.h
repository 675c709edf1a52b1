// What the empty canvas shows: the name, how to open something, and the shortcuts to begin with.
#pragma once

#include <QWidget>

namespace posteria::ui::widgets {

class WelcomePage : public QWidget {
    Q_OBJECT
  public:
    explicit WelcomePage(QWidget* parent = nullptr);

  Q_SIGNALS:
    void openRequested();
    void sampleRequested();
};

}  // namespace posteria::ui::widgets
