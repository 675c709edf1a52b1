// Work that goes on beside what the window shows: batches of files and calibrations, each in a
// window of its own, in turns on the one engine thread and behind the restorations of the window.
// The shell makes one; it must go before the JobController does. GUI thread only.
#pragma once

#include <QObject>
#include <QPointer>
#include <QSettings>
#include <QToolButton>

#include "ui/model/engine_steps.h"
#include "ui/model/restore_settings.h"

namespace posteria::ui::shell {

class BatchWindow;
class CalibrationWindow;

class LongWork : public QObject {
    Q_OBJECT
  public:
    // Nothing is owned. `window` is the parent of the windows that are made when first asked for.
    LongWork(JobController* jobs, const RestoreSettings* panel, QSettings* settings,
             QWidget* window);
    ~LongWork() override;

    bool isBusy() const;
    QString busyText() const;  // what quitting would stop; empty: nothing
    void showBatch();
    void showCalibration();
    // For the status bar: says how far a batch or a calibration is and shows its window.
    QToolButton* indicator() const { return m_indicator; }
    BatchWindow* batch();
    CalibrationWindow* calibration();

  Q_SIGNALS:
    void busyChanged();
    void openRequested(const QStringList& paths);
    void modelKept(const QString& folder);  // calibrated, and now to be used

  private:
    void tell();

    EngineSteps m_steps;
    const RestoreSettings* m_panel;
    QSettings* m_settings;
    QWidget* m_window;
    QPointer<QToolButton> m_indicator;
    BatchWindow* m_batch = nullptr;
    CalibrationWindow* m_calibration = nullptr;
};

}  // namespace posteria::ui::shell
