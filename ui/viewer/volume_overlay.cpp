#include "ui/viewer/volume_overlay.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/model/labels_layer.h"

namespace posteria::ui::viewer {

namespace {

constexpr double kMostPixels = 1024;  // of the longer side of the sheet of labels
constexpr qsizetype kMostEdges = 12;  // between the outlines of one shape

}  // namespace

VolumeOverlay::VolumeOverlay() {
    connect(&m_slices, &ShownSlices::arrived, this, &VolumeOverlay::renew);
    connect(&m_slices, &ShownSlices::failed, this, &VolumeOverlay::failed);
}

void VolumeOverlay::setLayers(const std::vector<QPointer<Layer>>& layers) {
    for (const auto& layer : m_layers)
        if (layer) disconnect(layer, nullptr, this, nullptr);
    m_layers = layers;
    for (const auto& layer : m_layers) {
        if (!layer) continue;
        for (const auto signal :
             {&Layer::stackChanged, &Layer::placementChanged, &Layer::displayChanged})
            connect(layer, signal, this, &VolumeOverlay::renew);
        if (auto* marks = qobject_cast<MarkLayer*>(layer.data()))
            connect(marks, &MarkLayer::marksChanged, this, &VolumeOverlay::changed);
        if (auto* labels = qobject_cast<LabelsLayer*>(layer.data()))
            connect(labels, &LabelsLayer::toolChanged, this, &VolumeOverlay::renew);
    }
}

void VolumeOverlay::update(const ViewState* state, double devicePixelRatio) {
    m_state = state;
    m_ratio = devicePixelRatio;
    std::vector<ShownSlices::Request> requests;
    for (const auto& layer : m_layers)
        if (state && layer && layer->isVisible() && layer->stack())
            requests.push_back({layer, state});
    m_slices.update(requests, devicePixelRatio);
    m_sheet = {};
}

void VolumeOverlay::renew() {
    update(m_state, m_ratio);
    Q_EMIT changed();
}

QImage VolumeOverlay::sheet() const {
    const QRectF bounds = m_state->bounds();
    const QPointF pixel = m_state->pixelSize();
    const double longest = std::max(bounds.width(), bounds.height());
    const double step = std::max(pixel.x(), longest / kMostPixels);
    const QSize size(std::max(int(std::lround(bounds.width() / step)), 1),
                     std::max(int(std::lround(bounds.height() / step)), 1));
    QImage all(size, QImage::Format_ARGB32_Premultiplied);
    all.fill(Qt::transparent);
    QPainter painter(&all);
    for (const auto& layer : m_layers) {
        if (!layer || !layer->isVisible() || !layer->stack()) continue;
        auto composed =
            m_slices.composed(*layer, *m_state, bounds.topLeft() + QPointF(step, step) / 2, step);
        composed.opacity = 1;
        composed.blending = Blending::Opaque;
        QImage one(size, QImage::Format_RGB32);
        Compositor({composed}, size.width(), true).compose(0, size.height(), one.bits());
        // No label is black.
        one = one.convertToFormat(QImage::Format_ARGB32);
        for (int y = 0; y < size.height(); ++y) {
            auto* line = reinterpret_cast<QRgb*>(one.scanLine(y));
            for (int x = 0; x < size.width(); ++x)
                if ((line[x] & 0xffffff) == 0) line[x] = 0;
        }
        painter.setOpacity(layer->opacity());
        painter.drawImage(0, 0, one);
    }
    return all;
}

void VolumeOverlay::paintLabels(QPainter& painter, const Project& project) {
    if (!m_state) return;
    const bool any = std::any_of(m_layers.begin(), m_layers.end(), [](const auto& layer) {
        return layer && layer->isVisible() && layer->stack();
    });
    if (!any) return;
    if (m_sheet.isNull()) m_sheet = sheet();
    const QRectF bounds = m_state->bounds();
    const double z = m_state->zPosition();
    const QPointF origin = project(bounds.left(), bounds.top(), z);
    const QPointF right = (project(bounds.right(), bounds.top(), z) - origin) / m_sheet.width();
    const QPointF down = (project(bounds.left(), bounds.bottom(), z) - origin) / m_sheet.height();
    painter.save();
    painter.setTransform(
        QTransform(right.x(), right.y(), down.x(), down.y(), origin.x(), origin.y()), true);
    painter.drawImage(0, 0, m_sheet);
    painter.restore();
}

std::vector<PaintedMark> VolumeOverlay::marks(const Project& project) const {
    std::vector<PaintedMark> painted;
    if (!m_state) return painted;
    const double step = m_state->zStep();
    for (const auto& each : m_layers) {
        const auto* layer = qobject_cast<const MarkLayer*>(each.data());
        if (!layer || !layer->isVisible()) continue;
        const bool every = layer->style().everySlice;
        int number = 0;
        for (const Mark& mark : layer->marks()) {
            ++number;
            if (!every && mark.t != m_state->t()) continue;
            const QPolygonF corners = outlineOf(mark);
            const double first = every ? 0 : double(mark.z) * step;
            const double last = every ? double(m_state->shape().z - 1) * step : first;
            const auto add = [&](Mark::Kind kind, std::vector<QPointF> points, bool counted) {
                Mark drawn;
                drawn.kind = kind;
                drawn.points = std::move(points);
                painted.push_back({drawn, layer->style(), layer->opacity(), number, false});
                painted.back().style.numbers = counted && layer->style().numbers;
            };
            const auto outline = [&](double z, bool counted) {
                std::vector<QPointF> points;
                for (const auto& corner : corners)
                    points.push_back(project(corner.x(), corner.y(), z));
                add(isClosed(mark) ? Mark::Kind::Polygon : mark.kind, std::move(points), counted);
            };
            outline(first, true);
            if (first == last) continue;
            outline(last, false);
            const qsizetype stride = std::max<qsizetype>(corners.size() / kMostEdges, 1);
            for (qsizetype i = 0; i < corners.size(); i += stride)
                add(Mark::Kind::Line,
                    {project(corners[i].x(), corners[i].y(), first),
                     project(corners[i].x(), corners[i].y(), last)},
                    false);
        }
    }
    return painted;
}

}  // namespace posteria::ui::viewer
