// What the empty canvas shows: the name, how to open something, and the shortcuts to begin with.
#pragma once

#include <QString>
#include <QWidget>
#include <utility>
#include <vector>

class QAction;
class QGridLayout;
class QPushButton;

namespace posteria::ui::widgets {

class WelcomePage : public QWidget {
    Q_OBJECT
  public:
    explicit WelcomePage(QWidget* parent = nullptr);

    void setSampleAvailable(bool available);
    // Commands with the keys that they have now.
    void showKeys(const std::vector<std::pair<const QAction*, QString>>& commands);

  Q_SIGNALS:
    void openRequested();
    void sampleRequested();
    void batchRequested();
    void tourRequested();

  private:
    QPushButton *m_sample, *m_tour;
    QGridLayout* m_keys;
};

}  // namespace posteria::ui::widgets
