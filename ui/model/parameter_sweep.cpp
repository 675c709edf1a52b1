#include "ui/model/parameter_sweep.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/model/colormaps.h"

namespace posteria::ui {

namespace {

constexpr int kTrials = 7;

// The channels in their colours, added up, each between its own limits.
QImage pictureOf(const image::Stack& stack) {
    const auto displays = defaultDisplays(stack.info());
    const auto& shape = stack.shape();
    QImage picture(int(shape.x), int(shape.y), QImage::Format_RGB32);
    picture.fill(Qt::black);
    for (std::int64_t c = 0; c < shape.c; ++c) {
        const auto plane = stack.readPlane({0, c, 0});
        const auto limits = autoLimits(plane).value_or(Limits{0, 1});
        const auto& table = colormap(displays[std::size_t(c)].colormap);
        const float* p = plane.as<float>();
        for (int y = 0; y < picture.height(); ++y) {
            auto* line = reinterpret_cast<QRgb*>(picture.scanLine(y));
            for (int x = 0; x < picture.width(); ++x) {
                const double share = (double(p[std::int64_t(y) * shape.x + x]) - limits.low) /
                                     (limits.high - limits.low);
                const QRgb own = table[std::size_t(std::clamp(share, 0.0, 1.0) * 255)];
                line[x] = qRgb(std::min(qRed(line[x]) + qRed(own), 255),
                               std::min(qGreen(line[x]) + qGreen(own), 255),
                               std::min(qBlue(line[x]) + qBlue(own), 255));
            }
        }
    }
    return picture;
}

}  // namespace

ParameterSweep::ParameterSweep(Document* document, RestoreSettings* settings, JobController* jobs,
                               QObject* parent)
    : QObject(parent), m_document(document), m_settings(settings), m_jobs(jobs) {
    connect(jobs, &JobController::snapshotReady, this,
            [this](quint64 job, const posterior::SnapshotPtr& snapshot) {
                if (job != m_job || !snapshot->mean) return;
                m_trials[m_at].picture = pictureOf(*snapshot->mean);
                Q_EMIT changed();
            });
    connect(jobs, &JobController::finished, this, [this](quint64 job) {
        if (job != m_job) return;
        ++m_at;
        next();
    });
    const auto end = [this](quint64 job) {
        if (job == m_job) stop();
    };
    connect(jobs, &JobController::cancelled, this, end);
    connect(jobs, &JobController::failed, this, end);
}

bool ParameterSweep::canStart(What what) const {
    const auto* model = m_settings->model();
    const Layer* input = m_document->input();
    if (!model || !input || !input->stack() || m_jobs->busy()) return false;
    return what == What::Severity ? model->minSeverity < model->maxSeverity
                                  : m_settings->sampler() != QLatin1String("oneshot");
}

void ParameterSweep::start(What what) {
    if (!canStart(what)) return;
    const auto& view = m_document->view();
    RestoreTarget target;
    target.input = m_document->input()->stack();
    target.plane = {view.t(), 0, view.z()};
    if (view.channel() > 0 && !m_document->activeRun())
        target.plane.c = std::min<std::int64_t>(view.channel(), target.input->shape().c - 1);
    // The middle of what is seen.
    const auto seen = view.visiblePixels().empty() ? target.input->bounds() : view.visiblePixels();
    const auto width = std::min<std::int64_t>(seen.width, kSide),
               height = std::min<std::int64_t>(seen.height, kSide);
    target.viewport = {seen.x + (seen.width - width) / 2, seen.y + (seen.height - height) / 2,
                       width, height};
    m_request = m_settings->request(target, true);
    m_request.enough = {};
    m_what = what;
    m_trials.clear();
    for (int i = 0; i < kTrials; ++i) {
        const double share = double(i) / (kTrials - 1);
        if (what == What::Severity) {
            const auto* model = m_settings->model();
            m_trials.push_back(
                {model->minSeverity + share * (model->maxSeverity - model->minSeverity), {}});
        } else {
            // Doubling: 1, 2, 4, …
            m_trials.push_back({double(1 << i), {}});
        }
    }
    m_at = 0;
    next();
}

void ParameterSweep::next() {
    if (m_at >= m_trials.size()) {
        m_job = 0;
        Q_EMIT changed();
        return;
    }
    auto request = m_request;
    request.samples = 1;
    if (m_what == What::Severity) {
        request.severity = m_trials[m_at].value;
        request.steps = 1;
    } else {
        request.steps = int(m_trials[m_at].value);
    }
    m_job = m_jobs->start(std::move(request));
    Q_EMIT changed();
}

void ParameterSweep::stop() {
    if (std::exchange(m_job, 0) == 0) return;
    Q_EMIT changed();
}

void ParameterSweep::take(int trial) {
    if (trial < 0 || trial >= int(m_trials.size())) return;
    const double value = m_trials[std::size_t(trial)].value;
    if (m_what == What::Severity)
        m_settings->setSeverity(value);
    else
        m_settings->setSteps(int(value));
}

}  // namespace posteria::ui
