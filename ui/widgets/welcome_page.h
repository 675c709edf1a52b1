// What the empty canvas shows: the name, how to open something, and the shortcuts to begin with.
#pragma once

#include <QWidget>

class QPushButton;

namespace posteria::ui::widgets {

class WelcomePage : public QWidget {
    Q_OBJECT
  public:
    explicit WelcomePage(QWidget* parent = nullptr);

    void setSampleAvailable(bool available);

  Q_SIGNALS:
    void openRequested();
    void sampleRequested();

  private:
    QPushButton* m_sample;
};

}  // namespace posteria::ui::widgets
