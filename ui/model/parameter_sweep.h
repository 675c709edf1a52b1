// One setting at several values, tried on a small part of what is in view: a picture each, made one
// after the other. A job that the user starts meanwhile ends it. GUI thread only.
#pragma once

#include <QImage>
#include <QObject>
#include <vector>

#include "ui/model/document.h"
#include "ui/model/job_controller.h"
#include "ui/model/restore_settings.h"

namespace posteria::ui {

class ParameterSweep : public QObject {
    Q_OBJECT
  public:
    enum class What { Severity, Steps };
    struct Trial {
        double value = 0;
        QImage picture;  // null while it is awaited
    };
    static constexpr int kSide = 192;  // pixels of the part that is tried, at most

    ParameterSweep(Document* document, RestoreSettings* settings, JobController* jobs,
                   QObject* parent = nullptr);

    // What is to be tried can be: a model that has such a setting, an image, nothing under way.
    bool canStart(What what) const;
    void start(What what);
    void stop();
    bool isRunning() const { return m_job != 0; }
    What what() const { return m_what; }
    const std::vector<Trial>& trials() const { return m_trials; }
    void take(int trial);  // its value becomes the setting's

  Q_SIGNALS:
    void changed();

  private:
    void next();

    Document* m_document;
    RestoreSettings* m_settings;
    JobController* m_jobs;
    What m_what = What::Severity;
    std::vector<Trial> m_trials;
    engine::RestorationRequest m_request;
    std::size_t m_at = 0;
    quint64 m_job = 0;  // 0: none
};

}  // namespace posteria::ui
