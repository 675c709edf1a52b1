#include "ui/model/restore_session.h"

#include <algorithm>

namespace posteria::ui {

RestoreSession::RestoreSession(Document* document, RestoreSettings* settings, JobController* jobs,
                               QObject* parent)
    : QObject(parent), m_document(document), m_settings(settings), m_jobs(jobs) {
    connect(jobs, &JobController::progress, this,
            [this](quint64, const engine::Progress& progress) { Q_EMIT this->progress(progress); });
    connect(jobs, &JobController::snapshotReady, this,
            [this](quint64, const posterior::SnapshotPtr& snapshot) {
                if (!m_run) return;
                m_run->take(snapshot);
                Q_EMIT snapshotTaken(m_run);
            });
    connect(jobs, &JobController::finished, this, [this](quint64, const engine::RunReport& report) {
        if (m_run) m_run->finish(report);
        Q_EMIT finished(report);
    });
    connect(jobs, &JobController::cancelled, this, [this] {
        const int samples = m_run && m_run->snapshot() ? m_run->snapshot()->samples : 0;
        endRun(false);
        Q_EMIT stopped(samples);
    });
    connect(jobs, &JobController::failed, this,
            [this](quint64, const QString& message, const QString& hint) {
                endRun(true);
                Q_EMIT failed(message, hint);
            });
    connect(jobs, &JobController::devicesKnown, settings, &RestoreSettings::setDevices);
    // The user removed the layers of the run under way: nobody waits for it any more.
    connect(document, &Document::layersChanged, this, [this] {
        if (!m_run && m_jobs->busy()) m_jobs->cancel();
    });
}

bool RestoreSession::canStart() const {
    const Layer* input = m_document->input();
    return input && input->stack() && m_settings->model() && !m_jobs->busy();
}

void RestoreSession::start(bool preview) {
    if (!canStart()) return;
    auto& view = m_document->view();
    view.setAxisOrder(image::kStraight);  // planes are restored as they were recorded
    const auto input = m_document->input()->stack();
    RestoreTarget target;
    target.input = input;
    target.plane = {view.t(), 0, view.z()};
    // While results of several channels are shown, the channel shown may not be one of the input's.
    if (view.channel() > 0 && !m_document->activeRun())
        target.plane.c = std::min<std::int64_t>(view.channel(), input->shape().c - 1);
    else if (const Run* shown = m_document->activeRun();
             shown && !shown->request().selection.c.empty())
        target.plane.c = shown->request().selection.c.front();
    target.viewport = view.visiblePixels();
    auto request = m_settings->request(target, preview);
    m_run = m_document->startRun(request, preview);
    m_jobs->start(std::move(request));
}

void RestoreSession::cancel() {
    m_jobs->cancel();
}

void RestoreSession::endRun(bool failed) {
    if (!m_run) return;
    m_run->stop(failed);
    if (!m_run->snapshot() || m_run->snapshot()->samples == 0) m_document->remove(m_run->mean());
}

}  // namespace posteria::ui
