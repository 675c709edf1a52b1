// Measures the window's own figures on made-up images and writes them as JSON, with the keys of the
// contract: `{"median", "p99"}` each, null for what this run could not measure. Frame times include
// reading the picture back, so they are on the safe side.
#pragma once

#include <QJsonObject>
#include <QObject>

#include "ui/shell/main_window.h"

namespace posteria::ui::shell {

class Benchmark : public QObject {
    Q_OBJECT
  public:
    // startMs: from the start of the process to the first paint.
    Benchmark(MainWindow* window, double startMs);

    // Runs everything; the window must be on the screen and empty. Takes about half a minute.
    QJsonObject run();

  private:
    QJsonObject sliceChange(int side, int slices);
    QJsonObject contrastOfFourPanes();
    QJsonObject cursorValue();
    bool addSmallImage();  // false without a model to restore it
    QJsonValue restoreStall();
    QJsonValue firstSample();
    QJsonObject memoryAfterDelete();
    // Of a file that is there already, to its first plane on the screen, and the memory then.
    void openLargeStack(QJsonObject& result);
    QJsonValue panPyramid();
    // Of 600 frames of 1920 x 1080: ms a frame, and how long the window was held up.
    void movie(QJsonObject& result);
    void clear();

    MainWindow* m_window;
    double m_startMs;
};

}  // namespace posteria::ui::shell
