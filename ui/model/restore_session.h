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

namespace posteria::ui {

class RestoreSession : public QObject {
    Q_OBJECT
  public:
    RestoreSession(Document* document, RestoreSettings* settings, JobController* jobs,
                   QObject* parent = nullptr);

    bool canStart() const;  // an image, a model, and nothing under way
    void start(bool preview);
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

    Document* m_document;
    RestoreSettings* m_settings;
    JobController* m_jobs;
    QPointer<Run> m_run;
};

}  // namespace posteria::ui
