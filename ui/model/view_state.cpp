#include "ui/model/view_state.h"

#include <QMetaObject>
#include <algorithm>
#include <cmath>
#include <utility>

namespace posteria::ui {

namespace {

constexpr double kFitMargin = 0.97;    // part of the pane that a fitted image fills
constexpr double kLargestPixel = 200;  // logical screen pixels an image pixel may take

}  // namespace

ViewState::ViewState(QObject* parent) : QObject(parent) {}

void ViewState::setImage(const image::StackInfo& info) {
    const QRectF before = bounds();
    m_shape = info.shape;
    m_calibrated = info.voxelSize.has_value();
    m_pixelSize = m_calibrated ? QPointF(info.voxelSize->x, info.voxelSize->y) : QPointF(1, 1);
    m_zStep = m_calibrated ? info.voxelSize->z : 1;
    m_timeStep = info.timeIncrementS.value_or(1);
    setT(m_t);
    setZ(m_z);
    setChannelCount(static_cast<int>(m_shape.c));
    if (bounds() != before) {
        m_cursor.reset();
        m_crosshair = bounds().center();
        if (std::exchange(m_line, std::nullopt)) Q_EMIT lineChanged();
        fit();
    }
    Q_EMIT imageChanged();
    notify();
}

QString ViewState::unit() const {
    return m_calibrated ? QStringLiteral("µm") : QStringLiteral("px");
}

QRectF ViewState::bounds() const {
    return {-0.5 * m_pixelSize.x(), -0.5 * m_pixelSize.y(), m_shape.x * m_pixelSize.x(),
            m_shape.y * m_pixelSize.y()};
}

void ViewState::setT(std::int64_t t) {
    t = std::clamp<std::int64_t>(t, 0, m_shape.t - 1);
    if (t == m_t) return;
    m_t = t;
    m_lastAxis = Axis::T;
    Q_EMIT tChanged(t);
    notify();
}

void ViewState::setZ(std::int64_t z) {
    z = std::clamp<std::int64_t>(z, 0, m_shape.z - 1);
    if (z == m_z) return;
    m_z = z;
    m_lastAxis = Axis::Z;
    Q_EMIT zChanged(z);
    notify();
}

double ViewState::timeSeconds() const {
    return m_t * m_timeStep;
}

double ViewState::zPosition() const {
    return m_z * m_zStep;
}

void ViewState::setChannel(int channel) {
    channel = std::clamp(channel, kComposite, m_channelCount - 1);
    if (channel == m_channel) return;
    m_channel = channel;
    Q_EMIT channelChanged(channel);
    notify();
}

void ViewState::setChannelCount(int count) {
    count = std::max(count, 1);
    if (count == m_channelCount) return;
    m_channelCount = count;
    Q_EMIT channelCountChanged(count);
    setChannel(m_channel);
    notify();
}

void ViewState::stepLastAxis(int n) {
    const bool time = m_shape.z == 1 || (m_lastAxis == Axis::T && m_shape.t > 1);
    if (time) {
        setT(m_t + n);
    } else {
        setZ(m_z + n);
    }
}

double ViewState::clampedScale(double scale) const {
    const double finest = std::min(m_pixelSize.x(), m_pixelSize.y()) / kLargestPixel;
    const double extent = std::max(bounds().width(), bounds().height());
    return std::clamp(scale, finest, std::max(extent / 16, finest));
}

void ViewState::setView(const QPointF& center, double scale) {
    if (!(scale > 0) || !std::isfinite(scale)) return;
    scale = clampedScale(scale);
    if (center == m_center && scale == m_scale) return;
    m_center = center;
    m_scale = scale;
    m_fitted = false;
    Q_EMIT viewChanged();
    notify();
}

void ViewState::pan(const QPointF& logicalPixels) {
    setView(m_center - logicalPixels * m_scale, m_scale);
}

void ViewState::zoomAt(const QPointF& point, double factor) {
    const double scale = clampedScale(m_scale / factor);
    setView(point + (m_center - point) * (scale / m_scale), scale);
}

void ViewState::fit() {
    const QRectF image = bounds();
    const double scale = std::max(image.width() / std::max(m_viewport.width(), 1.0),
                                  image.height() / std::max(m_viewport.height(), 1.0));
    setView(image.center(), scale / kFitMargin);
    m_fitted = true;
}

void ViewState::setViewport(const QSizeF& size) {
    if (size == m_viewport || size.isEmpty()) return;
    m_viewport = size;
    if (m_fitted) fit();
    Q_EMIT viewChanged();
    notify();
}

QRectF ViewState::visibleRect() const {
    const QSizeF size = m_viewport * m_scale;
    return {m_center.x() - size.width() / 2, m_center.y() - size.height() / 2, size.width(),
            size.height()};
}

image::Rect ViewState::visiblePixels() const {
    const QRectF seen = visibleRect();
    const QPointF first = toPixel(seen.topLeft()), last = toPixel(seen.bottomRight());
    const auto x = static_cast<std::int64_t>(std::floor(first.x() + 0.5));
    const auto y = static_cast<std::int64_t>(std::floor(first.y() + 0.5));
    const auto right = static_cast<std::int64_t>(std::ceil(last.x() + 0.5));
    const auto bottom = static_cast<std::int64_t>(std::ceil(last.y() + 0.5));
    return image::Rect{x, y, right - x, bottom - y}.intersected({0, 0, m_shape.x, m_shape.y});
}

void ViewState::setCursor(std::optional<QPointF> position) {
    if (position == m_cursor) return;
    m_cursor = position;
    Q_EMIT cursorChanged();
}

void ViewState::setCrosshairVisible(bool visible) {
    if (visible == m_crosshairVisible) return;
    m_crosshairVisible = visible;
    Q_EMIT crosshairChanged();
    notify();
}

void ViewState::setTool(Tool tool) {
    if (std::exchange(m_tool, tool) == tool) return;
    if (tool == Tool::Pan && std::exchange(m_line, std::nullopt)) Q_EMIT lineChanged();
    Q_EMIT toolChanged();
    notify();
}

void ViewState::setLine(const QLineF& line) {
    if (m_line == line) return;
    m_line = line;
    Q_EMIT lineChanged();
    notify();
}

void ViewState::setCrosshair(const QPointF& position) {
    if (m_crosshairVisible && position == m_crosshair) return;
    m_crosshair = position;
    m_crosshairVisible = true;
    Q_EMIT crosshairChanged();
    notify();
}

QPointF ViewState::toPixel(const QPointF& position) const {
    return {position.x() / m_pixelSize.x(), position.y() / m_pixelSize.y()};
}

QPointF ViewState::fromPixel(const QPointF& pixel) const {
    return {pixel.x() * m_pixelSize.x(), pixel.y() * m_pixelSize.y()};
}

void ViewState::notify() {
    if (m_notified) return;
    m_notified = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_notified = false;
            Q_EMIT changed();
        },
        Qt::QueuedConnection);
}

}  // namespace posteria::ui
