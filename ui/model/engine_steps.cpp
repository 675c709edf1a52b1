#include "ui/model/engine_steps.h"

#include <QPointer>
#include <algorithm>
#include <utility>

namespace posteria::ui {

EngineSteps::EngineSteps(JobController* jobs, QObject* parent) : QObject(parent), m_jobs(jobs) {
    connect(jobs, &JobController::busyChanged, this, [this](bool busy) {
        if (busy)
            m_token.cancel();
        else
            next();
        tellGivingWay();
    });
}

EngineSteps::~EngineSteps() {
    m_token.cancel();
}

quint64 EngineSteps::add(Work work, std::function<void(const Ending&)> ended) {
    m_steps.push_back({++m_last, std::move(work), std::move(ended)});
    // Not at once: who adds a step is not told of its end while doing so.
    QMetaObject::invokeMethod(this, &EngineSteps::next, Qt::QueuedConnection);
    tellGivingWay();
    return m_last;
}

void EngineSteps::cancel(quint64 id) {
    const auto step =
        std::find_if(m_steps.begin(), m_steps.end(), [id](const Step& s) { return s.id == id; });
    if (step == m_steps.end()) return;
    step->unwanted = true;
    if (m_running && step == m_steps.begin()) {
        m_token.cancel();
        return;
    }
    const auto ended = std::move(step->ended);
    m_steps.erase(step);
    QMetaObject::invokeMethod(
        this,
        [ended] {
            ended({Ending::Cancelled, {}, {}});
        },
        Qt::QueuedConnection);
    tellGivingWay();
}

void EngineSteps::next() {
    if (m_running || m_steps.empty() || m_jobs->busy()) return;
    m_running = true;
    m_token = CancelToken();
    const auto& step = m_steps.front();
    m_jobs->post(
        [work = step.work, token = m_token, again = step.again](engine::Engine& engine) {
            token.throwIfCancelled();
            work(engine, token, again);
        },
        [self = QPointer<EngineSteps>(this)](const Ending& ending) {
            if (self) self->end(ending);
        });
}

void EngineSteps::end(const Ending& ending) {
    m_running = false;
    auto& step = m_steps.front();
    if (ending.kind == Ending::Cancelled && !step.unwanted) {
        step.again = true;
        next();  // the restoration it gave way to may have ended by now
        return;
    }
    const auto ended = std::move(step.ended);
    m_steps.pop_front();
    tellGivingWay();
    next();
    ended(ending);
}

void EngineSteps::tellGivingWay() {
    if (std::exchange(m_givingWay, isGivingWay()) != m_givingWay)
        Q_EMIT givingWayChanged(m_givingWay);
}

}  // namespace posteria::ui
