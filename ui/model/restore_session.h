// Leads restorations from the settings to the document: takes the selected image, starts the job,
// hands every snapshot to its run, and tells how it ended. A run that ends before its first sample
// leaves no layers behind. GUI thread only.
#pragma once

#include <QObject>
#include <QPointer>
#include <QString>

#include "ui/model/document.h"
#include "ui/model/job_controller.h"
#include "ui/model/restore_settings.h"
#include "ui/model/standing_pool.h"

namespace posteria::ui {

class RestoreSession : public QObject {
    Q_OBJECT
  public:
    RestoreSession(Document* document, RestoreSettings* settings, JobController* jobs,
                   QObject* parent = nullptr);
    ~RestoreSession() override;

    bool canStart() const;  // an image, a model, and nothing under way
    void start(bool preview);
    // Restores what is visible as set, or coarsely: one sample in one step. The preview in view is
    // renewed and keeps what it shows until then; what was tuned before stops. False where it
    // cannot begin.
    bool tune(bool coarse);
    // Whether a run that has ended can be given more samples: they are all there, its input is, and
    // nothing is under way. The run then holds what it would have held had all been asked for.
    bool canExtend(const Run* run) const;
    void extend(Run* run, int samples);
    // A further run that does the same as one that has finished; the same bits on the same device.
    bool canRepeat(const Run* run) const;
    void repeat(const Run* run);
    void cancel();
    bool busy() const { return m_jobs->busy(); }
    Run* run() const { return m_run; }  // the one under way or the last one; null when removed

  Q_SIGNALS:
    void progress(const posteria::engine::Progress& progress);
    void snapshotTaken(posteria::ui::Run* run);
    void finished(const posteria::engine::RunReport& report);
    void stopped(int samples);  // cancelled; what was drawn is kept
    void failed(const QString& message, const QString& hint);

  private:
    void endRun(bool failed);
    engine::RestorationRequest requestNow(bool preview);
    image::Rect shape() const;
    void fingerprintInput();

    Document* m_document;
    RestoreSettings* m_settings;
    JobController* m_jobs;
    QPointer<Run> m_run;
    quint64 m_job = 0;     // its
    bool m_tuned = false;  // it may be replaced by a newer wish
    StandingPool m_pool;   // the first member to go: it waits for what is being read
};

}  // namespace posteria::ui
