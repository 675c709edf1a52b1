#include "ui/model/restore_session.h"

#include <QFileInfo>
#include <algorithm>
#include <cmath>

#include "core/base/fingerprint.h"
#include "core/base/log.h"
#include "core/engine/report.h"
#include "ui/model/marks.h"

namespace posteria::ui {

namespace {

constexpr qint64 kLargestHashed = qint64(1) << 30;

}  // namespace

RestoreSession::RestoreSession(Document* document, RestoreSettings* settings, JobController* jobs,
                               QObject* parent)
    : QObject(parent), m_document(document), m_settings(settings), m_jobs(jobs) {
    connect(jobs, &JobController::progress, this,
            [this](quint64 job, const engine::Progress& progress) {
                if (job == m_job) Q_EMIT this->progress(progress);
            });
    connect(jobs, &JobController::snapshotReady, this,
            [this](quint64 job, const posterior::SnapshotPtr& snapshot) {
                if (!m_run || job != m_job) return;
                m_run->take(snapshot);
                Q_EMIT snapshotTaken(m_run);
            });
    connect(jobs, &JobController::finished, this,
            [this](quint64 job, const engine::RunReport& report) {
                if (job != m_job) return;
                if (m_run) m_run->finish(report);
                fingerprintInput();
                Q_EMIT finished(report);
            });
    connect(jobs, &JobController::cancelled, this, [this](quint64 job) {
        if (job != m_job) return;
        const int samples = m_run && m_run->snapshot() ? m_run->snapshot()->samples : 0;
        endRun(false);
        Q_EMIT stopped(samples);
    });
    connect(jobs, &JobController::failed, this,
            [this](quint64 job, const QString& message, const QString& hint) {
                if (job != m_job) return;
                endRun(true);
                Q_EMIT failed(message, hint);
            });
    connect(jobs, &JobController::devicesKnown, settings, &RestoreSettings::setDevices);
    // The user removed the layers of the run under way: nobody waits for it any more.
    connect(document, &Document::layersChanged, this, [this] {
        if (!m_run && m_jobs->busy() && m_jobs->currentJob() == m_job) m_jobs->cancel();
    });
}

RestoreSession::~RestoreSession() {
    m_pool.waitForDone();
}

// Of files that are read in seconds; that of a larger one is told when results are saved.
void RestoreSession::fingerprintInput() {
    if (!m_run || !m_run->inputSha256().isEmpty()) return;
    const auto path = m_run->request().input->info().path;
    const QFileInfo file(QString::fromStdString(path));
    if (!file.isFile() || file.size() > kLargestHashed) return;
    m_pool.start([this, path, run = m_run] {
        QString sha256;
        try {
            sha256 = QString::fromStdString(sha256OfPath(path));
        } catch (const std::exception& e) {
            log::error(e.what());
        }
        QMetaObject::invokeMethod(
            this,
            [run, sha256] {
                if (run && !sha256.isEmpty()) run->setInputSha256(sha256);
            },
            Qt::QueuedConnection);
    });
}

bool RestoreSession::canStart() const {
    const Layer* input = m_document->input();
    return input && input->stack() && m_settings->model() && !m_jobs->busy();
}

engine::RestorationRequest RestoreSession::requestNow(bool preview) {
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
    target.shape = shape();
    return m_settings->request(target, preview);
}

void RestoreSession::start(bool preview) {
    if (!canStart()) return;
    auto request = requestNow(preview);
    m_run = m_document->startRun(request, preview);
    m_tuned = false;
    m_job = m_jobs->start(std::move(request));
}

bool RestoreSession::tune(bool coarse) {
    const Layer* input = m_document->input();
    // What the user started goes on.
    if (!input || !input->stack() || !m_settings->model() || (m_jobs->busy() && !m_tuned))
        return false;
    auto request = requestNow(true);
    request.enough = {};
    if (coarse) request.steps = request.samples = 1;
    Run* shown = m_document->activeRun();
    // The preview's layers stay and show what was until something new comes.
    if (shown && shown->isPreview() && shown->snapshot() && shown->input() == input) {
        m_run = shown;
        shown->resume(request);
    } else {
        m_run = m_document->startRun(request, true);
    }
    m_tuned = true;
    m_job = m_jobs->start(std::move(request));
    return true;
}

// Around the selected shape, or the one drawn last.
image::Rect RestoreSession::shape() const {
    const Mark* found = nullptr;
    for (const Layer* layer : m_document->overlays()) {
        const auto* marks = qobject_cast<const MarkLayer*>(layer);
        if (!marks || marks->role() != Layer::Role::Shapes) continue;
        for (const auto& mark : marks->marks())
            if (areaOf(mark) > 0) found = &mark;
        const int selected = marks->selectedMark();
        if (layer == m_document->selected() && selected >= 0 &&
            areaOf(marks->marks()[std::size_t(selected)]) > 0) {
            found = &marks->marks()[std::size_t(selected)];
            break;
        }
    }
    if (!found) return {};
    const QRectF box = boundsOf(*found);
    const auto& view = m_document->view();
    const QPointF first = view.toPixel(box.topLeft()), last = view.toPixel(box.bottomRight());
    const auto x = std::int64_t(std::ceil(first.x())), y = std::int64_t(std::ceil(first.y()));
    return image::Rect{x, y, std::int64_t(std::floor(last.x())) - x + 1,
                       std::int64_t(std::floor(last.y())) - y + 1}
        .intersected(m_document->input()->stack()->bounds());
}

bool RestoreSession::canExtend(const Run* run) const {
    return run && !m_jobs->busy() && run->state() != Run::State::Running &&
           run->state() != Run::State::Failed && run->keptSamples() > 0 &&
           run->keptSamples() == run->snapshot()->samples && run->request().input &&
           !run->request().trace;
}

void RestoreSession::extend(Run* run, int samples) {
    if (!canExtend(run) || samples < 1) return;
    auto request = run->request();
    // What was chosen by itself then would perhaps not be chosen now.
    if (run->report()) request = engine::definiteRequest(std::move(request), *run->report());
    request.samples = run->keptSamples() + samples;
    request.enough = {};
    run->resume(request);
    request.finished = run->snapshot()->kept;
    m_run = run;
    m_tuned = false;
    m_job = m_jobs->start(std::move(request));
}

bool RestoreSession::canRepeat(const Run* run) const {
    return run && !m_jobs->busy() && run->report() && run->input();
}

void RestoreSession::repeat(const Run* run) {
    if (!canRepeat(run)) return;
    auto request = engine::definiteRequest(run->request(), *run->report());
    m_document->select(run->input());
    m_run = m_document->startRun(request, run->isPreview());
    m_tuned = false;
    m_job = m_jobs->start(std::move(request));
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
