// Layers ▸ Filter ▸ Batch Restore…: a window of its own for many files. Wires the panel, the queue
// and the run to dialogs, drops and the disk. Stays where it is when it is closed: a batch goes on
// behind it. GUI thread only.
#pragma once

#include <QSettings>
#include <QTimer>
#include <QWidget>

#include "ui/model/batch_queue.h"
#include "ui/model/batch_run.h"
#include "ui/model/restore_settings.h"
#include "ui/model/standing_pool.h"
#include "ui/widgets/batch_panel.h"

namespace posteria::ui::shell {

class BatchWindow : public QWidget {
    Q_OBJECT
  public:
    // Takes models and settings over from the restore panel's while no batch is under way. Nothing
    // is owned but the window itself, by its parent.
    BatchWindow(EngineSteps* steps, const RestoreSettings* panel, QSettings* settings,
                QWidget* parent);
    ~BatchWindow() override;

    void present();
    void add(const QStringList& textsOrPaths);  // what imagesMatching() understands
    bool isBusy() const { return m_run.isBusy() || m_finding > 0; }
    BatchQueue& queue() { return m_queue; }
    BatchRun& run() { return m_run; }
    RestoreSettings& settings() { return m_settings; }

  Q_SIGNALS:
    void busyChanged();
    void openRequested(const QStringList& paths);

  protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

  private:
    void wire();
    void takeSettings();
    void chooseFiles();
    void chooseFolder(bool ofResults);
    void start();
    void proposeFolder();
    void countExisting();
    void openResult(const QString& path);

    const RestoreSettings* m_panelSettings;
    QSettings* m_store;
    RestoreSettings m_settings;
    BatchQueue m_queue;
    BatchRun m_run;
    widgets::BatchPanel* m_panel;
    QTimer m_soon;  // counting what lies in the folder of results
    quint64 m_counting = 0;
    int m_finding = 0;
    StandingPool m_io;  // the first member to go: it waits for what is being read
};

}  // namespace posteria::ui::shell
