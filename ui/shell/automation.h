// What the command line asks the window to do by itself: open files, restore with the model's
// defaults, save a picture of the whole window once all work has ended, close.
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimer>

namespace posteria::ui::shell {

class MainWindow;

struct Plan {
    QStringList files;
    QString model;  // empty: the first one listed
    bool restore = false;
    QString screenshot;    // a PNG's path; empty for none
    QString tourPictures;  // a folder for pictures of the tour's steps, 1.png …; empty for none
    bool exit = false;
};

class Automation : public QObject {
    Q_OBJECT
  public:
    // Begins when the window has been painted. Neither owns the other.
    Automation(MainWindow* window, Plan plan);

  Q_SIGNALS:
    // Everything has been done: the exit code of the contract for what went wrong, or 0.
    void done(int exitCode);

  private:
    enum class Step { Model, Open, Tour, Picture, Done };
    void advance();
    bool savePicture(const QString& path);

    MainWindow* m_window;
    Plan m_plan;
    Step m_step = Step::Model;
    int m_tourStep = -1;  // shown and waited for; -1 before the first
    bool m_modelKnown = false, m_written = true;
    QTimer m_quiet;  // thumbnails and histograms arrive a moment after the work has ended
};

}  // namespace posteria::ui::shell
