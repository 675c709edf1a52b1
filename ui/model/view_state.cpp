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
    const auto sameAxes = m_imageShape.y == info.shape.y && m_imageShape.x == info.shape.x;
    m_imageShape = info.shape;
    m_calibrated = info.voxelSize.has_value();
    const auto voxel = info.voxelSize.value_or(image::VoxelSize{1, 1, 1});
    m_steps = {voxel.z, voxel.y, voxel.x};
    m_timeStep = info.timeIncrementS.value_or(1);
    if (!sameAxes) {
        m_at[1] = info.shape.y / 2;
        m_at[2] = info.shape.x / 2;
        if (!isStraight()) {
            m_order = image::kStraight;
            Q_EMIT axisOrderChanged();
        }
    }
    const auto slice = z();
    takeShape();
    setT(m_t);
    if (z() != slice) Q_EMIT zChanged(z());
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

void ViewState::takeShape() {
    m_shape = m_imageShape;
    m_shape.z = image::lengthAlong(m_imageShape, m_order[0]);
    m_shape.y = image::lengthAlong(m_imageShape, m_order[1]);
    m_shape.x = image::lengthAlong(m_imageShape, m_order[2]);
    for (const auto axis : image::kStraight) {
        auto& at = m_at[static_cast<std::size_t>(axis)];
        at = std::clamp<std::int64_t>(at, 0, image::lengthAlong(m_imageShape, axis) - 1);
    }
}

void ViewState::copy(const ViewState& other) {
    m_imageShape = other.m_imageShape;
    m_shape = other.m_shape;
    m_order = other.m_order;
    m_steps = other.m_steps;
    m_timeStep = other.m_timeStep;
    m_calibrated = other.m_calibrated;
    m_at = other.m_at;
    m_t = other.m_t;
    m_viewport = other.m_viewport;
    m_cursor.reset();
    copyCamera(other);
    copyCommon(other);
    Q_EMIT imageChanged();
    notify();
}

void ViewState::follow(const ViewState& other) {
    auto shape = m_imageShape;
    shape.c = other.m_imageShape.c;
    if (shape != other.m_imageShape || m_order != other.m_order || m_steps != other.m_steps ||
        m_calibrated != other.m_calibrated)
        return copy(other);
    m_imageShape.c = m_shape.c = shape.c;
    copyCommon(other);
}

void ViewState::copyCamera(const ViewState& other) {
    if (m_center == other.m_center && m_scale == other.m_scale && m_fitted == other.m_fitted)
        return;
    m_center = other.m_center;
    m_scale = other.m_scale;
    m_fitted = other.m_fitted;
    Q_EMIT viewChanged();
    notify();
}

void ViewState::copyCommon(const ViewState& other) {
    setChannelCount(other.m_channelCount);
    setChannel(other.m_channel);
    setSlab(other.m_slab);
    if (m_crosshair != other.m_crosshair || m_crosshairVisible != other.m_crosshairVisible) {
        m_crosshair = other.m_crosshair;
        m_crosshairVisible = other.m_crosshairVisible;
        Q_EMIT crosshairChanged();
        notify();
    }
    setTool(other.m_tool);
    if (m_line != other.m_line) {
        m_line = other.m_line;
        Q_EMIT lineChanged();
        notify();
    }
}

void ViewState::setAxisOrder(const image::AxisOrder& order) {
    if (order == m_order) return;
    m_order = order;
    takeShape();
    setCursor(std::nullopt);
    m_crosshair = bounds().center();
    if (std::exchange(m_line, std::nullopt)) Q_EMIT lineChanged();
    fit();
    Q_EMIT axisOrderChanged();
    notify();
}

void ViewState::setSlab(const image::Slab& slab) {
    if (slab == m_slab) return;
    m_slab = slab;
    Q_EMIT slabChanged();
    notify();
}

QPointF ViewState::pixelSize() const {
    return {step(m_order[2]), step(m_order[1])};
}

QString ViewState::unit() const {
    return m_calibrated ? QStringLiteral("µm") : QStringLiteral("px");
}

QRectF ViewState::bounds() const {
    const QPointF pixel = pixelSize();
    return {-0.5 * pixel.x(), -0.5 * pixel.y(), m_shape.x * pixel.x(), m_shape.y * pixel.y()};
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
    auto& at = m_at[static_cast<std::size_t>(m_order[0])];
    if (z == at) return;
    at = z;
    m_lastAxis = Axis::Z;
    Q_EMIT zChanged(z);
    notify();
}

double ViewState::timeSeconds() const {
    return m_t * m_timeStep;
}

double ViewState::zPosition() const {
    return static_cast<double>(z()) * zStep();
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
        setZ(z() + n);
    }
}

double ViewState::clampedScale(double scale) const {
    const double finest = std::min(pixelSize().x(), pixelSize().y()) / kLargestPixel;
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
    if (tool != Tool::Line && std::exchange(m_line, std::nullopt)) Q_EMIT lineChanged();
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
    return {position.x() / pixelSize().x(), position.y() / pixelSize().y()};
}

QPointF ViewState::fromPixel(const QPointF& pixel) const {
    return {pixel.x() * pixelSize().x(), pixel.y() * pixelSize().y()};
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
