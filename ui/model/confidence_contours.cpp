#include "ui/model/confidence_contours.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/log.h"
#include "core/posterior/iso_lines.h"
#include "core/posterior/uncertainty_maps.h"
#include "ui/model/colormaps.h"
#include "ui/model/document.h"

namespace posteria::ui {

namespace {

constexpr double kMargin = 0.25;  // of the visible part, read around it so that a drag finds lines

QColor lineColor(const Layer& mean, int channel) {
    if (mean.channelCount() == 1) return {255, 214, 64};
    const auto& name = mean.channels()[std::size_t(channel)].colormap;
    const QColor full = QColor::fromRgb(colormap(name)[255]);
    return QColor((full.red() + 255) / 2, (full.green() + 255) / 2, (full.blue() + 255) / 2);
}

bool covers(const image::Rect& all, const image::Rect& part) {
    return all.intersected(part) == part;
}

}  // namespace

struct ConfidenceContours::Channel {
    image::PlaneIndex plane;
    double level = 0;
    QColor color;
};

struct ConfidenceContours::Job {
    posterior::SnapshotPtr snapshot;
    std::vector<Channel> channels;
    image::Rect seen, rect;  // of the results, in their own pixels: visible, and with its margin
    int stride = 1;
    QPointF origin, pixel;  // of the results' first pixel, in the document's units; and its size
};

// The quantiles made last: a level that moves needs no others.
struct ConfidenceContours::Cache {
    posterior::SnapshotPtr snapshot;
    image::Rect rect;
    int stride = 0;
    std::vector<std::pair<image::PlaneIndex, std::vector<image::Plane>>> planes;

    const std::vector<image::Plane>& of(const Job& job, const image::PlaneIndex& plane) {
        if (snapshot != job.snapshot || stride != job.stride || !covers(rect, job.seen)) {
            snapshot = job.snapshot;
            rect = job.rect;
            stride = job.stride;
            planes.clear();
        }
        for (const auto& [index, made] : planes)
            if (index.t == plane.t && index.c == plane.c && index.z == plane.z) return made;
        planes.emplace_back(
            plane, posterior::quantilePlanes(snapshot->kept, plane, rect, stride, {0.05, 0.95}));
        return planes.back().second;
    }
};

ConfidenceContours::ConfidenceContours(Document* document, QObject* parent)
    : QObject(parent), m_document(document), m_cache(std::make_shared<Cache>()) {
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &ConfidenceContours::update);
    const auto soon = [this] { m_soon.start(); };
    connect(&document->view(), &ViewState::changed, this, soon);
    connect(document, &Document::panesChanged, this, soon);
    connect(document, &Document::activeRunChanged, this, &ConfidenceContours::follow);
    follow();
}

ConfidenceContours::~ConfidenceContours() {
    m_pool.waitForDone();
}

void ConfidenceContours::follow() {
    Run* run = m_document->activeRun();
    if (run != m_run) {
        if (m_run) disconnect(m_run, nullptr, this, nullptr);
        m_run = run;
        const auto soon = [this] { m_soon.start(); };
        if (run) {
            connect(run, &Run::samplesChanged, this, soon);
            connect(run, &Run::spreadChanged, this, soon);
        }
    }
    m_soon.start();
}

void ConfidenceContours::setVisible(bool visible) {
    if (std::exchange(m_visible, visible) == visible) return;
    m_soon.start();
    Q_EMIT visibleChanged(visible);
}

std::unique_ptr<ConfidenceContours::Job> ConfidenceContours::wanted() const {
    const ViewState& view = m_document->view();
    if (!m_visible || !m_run || m_run->keptSamples() < 2 || m_run->thresholds().empty() ||
        m_document->isInputHeld() || !view.isStraight())
        return nullptr;
    const Layer& mean = *m_run->mean();
    const auto& place = mean.placement();
    auto job = std::make_unique<Job>();
    job->snapshot = m_run->snapshot();
    for (const int c : mean.channelsShown(view.channel())) {
        const auto plane = mean.planeAt(view.t(), view.z(), c);
        if (plane && c < int(m_run->thresholds().size()))
            job->channels.push_back(
                {*plane, m_run->thresholds()[std::size_t(c)], lineColor(mean, c)});
    }
    auto seen = view.visiblePixels();
    seen.x -= place.x;
    seen.y -= place.y;
    const auto bounds = mean.stack()->bounds();
    job->seen = seen.intersected(bounds);
    if (job->channels.empty() || job->seen.empty()) return nullptr;
    const auto dx = std::int64_t(double(seen.width) * kMargin),
               dy = std::int64_t(double(seen.height) * kMargin);
    job->rect = image::Rect{seen.x - dx, seen.y - dy, seen.width + 2 * dx, seen.height + 2 * dy}
                    .intersected(bounds);
    job->pixel = view.pixelSize();
    job->stride = std::max(1, int(view.scale() / job->pixel.x()));
    job->origin = view.fromPixel(QPointF(double(place.x), double(place.y)));
    return job;
}

void ConfidenceContours::update() {
    if (m_reading) {
        m_again = true;
        return;
    }
    std::shared_ptr<const Job> job = wanted();
    if (!job) {
        if (!m_lines.empty()) {
            m_lines.clear();
            Q_EMIT linesChanged();
        }
        return;
    }
    m_reading = true;
    m_pool.start([this, job, cache = m_cache] {
        std::vector<ContourLines> lines;
        try {
            lines = make(*job, *cache);
        } catch (const std::exception& e) {
            log::error(std::string("Contours could not be made: ") + e.what());
        }
        QMetaObject::invokeMethod(
            this,
            [this, lines = std::move(lines)] {
                m_reading = false;
                if (m_visible) {
                    m_lines = lines;
                    Q_EMIT linesChanged();
                }
                if (std::exchange(m_again, false)) update();
            },
            Qt::QueuedConnection);
    });
}

std::vector<ContourLines> ConfidenceContours::make(const Job& job, Cache& cache) {
    std::vector<ContourLines> result;
    for (const auto& channel : job.channels) {
        const auto& quantiles = cache.of(job, channel.plane);
        for (std::size_t q = 0; q < quantiles.size(); ++q) {
            ContourLines contour;
            contour.inner = q == 0;
            contour.color = channel.color;
            const auto at = [&](const posterior::Point& p) {
                return job.origin +
                       QPointF((double(cache.rect.x) + p.x * job.stride) * job.pixel.x(),
                               (double(cache.rect.y) + p.y * job.stride) * job.pixel.y());
            };
            for (const auto& segment : posterior::isoLines(quantiles[q], channel.level))
                contour.lines.emplace_back(at(segment.a), at(segment.b));
            result.push_back(std::move(contour));
        }
    }
    return result;
}

}  // namespace posteria::ui
