// Layers ▸ Filter ▸ Calibrate Model…: a window of its own in which pairs of degraded images and
// their truths make a model's uncertainty as large as its errors. The reliability plot fills with
// every pair; what was found is kept with the model when the user says so. GUI thread only.
#pragma once

#include <QSettings>
#include <QWidget>
#include <functional>

#include "ui/model/calibration_pairs.h"
#include "ui/model/calibration_run.h"
#include "ui/model/reliability_plot.h"
#include "ui/model/restore_settings.h"
#include "ui/model/standing_pool.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QTableView;

namespace posteria::ui::viewer {
class ReliabilityChart;
}

namespace posteria::ui::shell {

class CalibrationWindow : public QWidget {
    Q_OBJECT
  public:
    // Models and the first settings are the restore panel's. Nothing is owned but the window
    // itself, by its parent.
    CalibrationWindow(EngineSteps* steps, const RestoreSettings* panel, QSettings* settings,
                      QWidget* parent);
    ~CalibrationWindow() override;

    void present();
    // Folders as `simulate` writes them.
    void addFolders(const QStringList& folders);
    bool isBusy() const { return m_run.isBusy() || m_finding > 0; }
    CalibrationPairs& pairs() { return m_pairs; }
    CalibrationRun& run() { return m_run; }
    RestoreSettings& settings() { return m_settings; }
    // By the ending: .csv the values, .svg and .png the chart. False when it cannot be written.
    bool savePlot(const QString& path) const;

  Q_SIGNALS:
    void busyChanged();
    void kept(const QString& folder);

  protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

  private:
    QWidget* buildLeft();
    QWidget* buildRight();
    void wire();
    void takeSettings();
    void find(const std::function<std::vector<engine::ImagePair>()>& pairs);
    void chooseFolder();
    void chooseTwo(bool folders);  // degraded, then truth
    void choosePlotFile();
    void start();
    void tellWhere();
    void showMessage(const QString& text, bool error);
    void showCalibration();
    void refresh();

    const RestoreSettings* m_panelSettings;
    QSettings* m_store;
    RestoreSettings m_settings;
    CalibrationPairs m_pairs;
    CalibrationRun m_run;
    ReliabilityPlot m_plot;
    bool m_givingWay = false;
    int m_finding = 0;

    QTableView* m_table;
    QWidget* m_form;
    viewer::ReliabilityChart* m_chart;
    QLabel *m_empty, *m_message, *m_holds, *m_coverage;
    QProgressBar* m_progress;
    QPushButton *m_addFolder, *m_addTwoFolders, *m_addPair, *m_remove;
    QPushButton *m_start, *m_cancel, *m_keep, *m_save;
    StandingPool m_io;  // the first member to go: it waits for what is being read
};

}  // namespace posteria::ui::shell
