// Long work in steps on the one engine thread: the files of a batch, the pairs of a calibration.
// Steps run one after the other in the order they come, and give way to the restorations that the
// user asks for in the window: the step under way is stopped within a network call, waits, and runs
// again from its beginning (a file goes on from the samples it has kept). GUI thread only.
#pragma once

#include <QObject>
#include <deque>
#include <functional>

#include "ui/model/job_controller.h"

namespace posteria::ui {

class EngineSteps : public QObject {
    Q_OBJECT
  public:
    explicit EngineSteps(JobController* jobs, QObject* parent = nullptr);
    ~EngineSteps() override;  // stops the step under way; none is told of its end

    using Ending = JobController::Ending;
    // On the engine's thread; `again` after it had to give way.
    using Work = std::function<void(engine::Engine&, const CancelToken&, bool again)>;
    // Returns the step's id; `ended` is called once, not before this returns.
    quint64 add(Work work, std::function<void(const Ending&)> ended);
    // The step ends as Cancelled: at once where it waits, else as soon as it has stopped.
    void cancel(quint64 id);
    // A restoration of the window goes first, and steps wait for it.
    bool isGivingWay() const { return m_jobs->busy() && !m_steps.empty(); }

  Q_SIGNALS:
    void givingWayChanged(bool givingWay);

  private:
    struct Step {
        quint64 id;
        Work work;
        std::function<void(const Ending&)> ended;
        bool again = false, unwanted = false;
    };

    void next();
    void end(const Ending& ending);
    void tellGivingWay();

    JobController* m_jobs;
    std::deque<Step> m_steps;  // the first is under way where m_running
    CancelToken m_token;
    quint64 m_last = 0;
    bool m_running = false, m_givingWay = false;
};

}  // namespace posteria::ui
