#include "ui/widgets/range_slider.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/widgets/theme.h"

namespace posteria::ui::widgets {

namespace {
constexpr double kRadius = 6;
}  // namespace

RangeSlider::RangeSlider(QWidget* parent) : QWidget(parent), m_color(theme::colors().icon) {
    setObjectName(QStringLiteral("contrastSlider"));
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setToolTip(tr("Contrast limits: drag a handle, or the bar between them"));
}

void RangeSlider::setRange(const Limits& range) {
    m_range = range;
    setLimits(m_limits);
}
void RangeSlider::setLimits(const Limits& limits) {
    m_limits = limits;
    // Limits beyond the data widen the track, so that the handles stay reachable.
    m_range.low = std::min(m_range.low, limits.low);
    m_range.high = std::max(m_range.high, limits.high);
    update();
}
void RangeSlider::setHistogram(std::vector<double> heights) {
    m_histogram = std::move(heights);
    update();
}
void RangeSlider::setFlat(bool flat) {
    m_flat = flat;
    updateGeometry();
    update();
}
void RangeSlider::setColor(const QColor& color) {
    m_color = color;
    update();
}

double RangeSlider::toX(double value) const {
    const double part = (value - m_range.low) / std::max(m_range.high - m_range.low, 1e-300);
    return kRadius + std::clamp(part, 0.0, 1.0) * (width() - 2 * kRadius);
}

double RangeSlider::toValue(double x) const {
    return (x / std::max(1.0, width() - 2 * kRadius)) * (m_range.high - m_range.low);
}

void RangeSlider::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double low = toX(m_limits.low), high = toX(m_limits.high), track = trackY();
    if (!m_histogram.empty()) {
        QPainterPath hills(QPointF(kRadius, track - 4));
        const double step = (width() - 2 * kRadius) / double(m_histogram.size());
        for (std::size_t i = 0; i < m_histogram.size(); ++i) {
            const double y = track - 4 - m_histogram[i] * (track - 8);
            hills.lineTo(kRadius + double(i) * step, y);
            hills.lineTo(kRadius + double(i + 1) * step, y);
        }
        hills.lineTo(width() - kRadius, track - 4);
        painter.fillPath(hills, theme::colors().highlight);
        painter.setClipRect(QRectF(low, 0, high - low, track));
        painter.fillPath(hills, m_color);
        painter.setClipping(false);
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme::colors().primary);
    painter.drawRoundedRect(QRectF(kRadius, track - 2, width() - 2 * kRadius, 4), 2, 2);
    painter.setBrush(isEnabled() ? theme::colors().current : theme::colors().secondary);
    painter.drawRect(QRectF(low, track - 2, high - low, 4));
    painter.setBrush(isEnabled() ? theme::colors().icon : theme::colors().highlight);
    for (const auto& [grip, x] : {std::pair{Grip::Low, low}, std::pair{Grip::High, high}}) {
        painter.setPen(hasFocus() && grip == m_grip ? QPen(theme::colors().current, 2)
                                                    : QPen(Qt::NoPen));
        painter.drawEllipse(QPointF(x, track), kRadius - 0.5, kRadius - 0.5);
    }
}

void RangeSlider::mousePressEvent(QMouseEvent* event) {
    const double x = event->position().x();
    const double toLow = std::abs(x - toX(m_limits.low)), toHigh = std::abs(x - toX(m_limits.high));
    const bool between = x > toX(m_limits.low) && x < toX(m_limits.high);
    if (between && std::min(toLow, toHigh) > 2 * kRadius)
        m_grip = Grip::Both;
    else
        m_grip = toLow < toHigh ? Grip::Low : Grip::High;
    m_pressX = x;
    m_pressed = m_limits;
    update();
}

void RangeSlider::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton)
        move(m_grip, toValue(event->position().x() - m_pressX), m_pressed);
}

void RangeSlider::keyPressEvent(QKeyEvent* event) {
    const double step = (m_range.high - m_range.low) / 100;
    if (m_grip == Grip::Both) m_grip = Grip::High;
    if (event->key() == Qt::Key_Left)
        move(m_grip, -step, m_limits);
    else if (event->key() == Qt::Key_Right)
        move(m_grip, step, m_limits);
    else if (event->key() == Qt::Key_Tab || event->key() == Qt::Key_Space)
        m_grip = m_grip == Grip::Low ? Grip::High : Grip::Low;
    else
        QWidget::keyPressEvent(event);
    update();
}

void RangeSlider::move(Grip grip, double by, const Limits& from) {
    const double least = (m_range.high - m_range.low) / 1000;
    Limits to = from;
    if (grip == Grip::Both) by = std::clamp(by, m_range.low - from.low, m_range.high - from.high);
    if (grip != Grip::High)
        to.low = std::clamp(
            from.low + by, m_range.low,
            grip == Grip::Both ? m_range.high : std::max(m_range.low, from.high - least));
    if (grip != Grip::Low)
        to.high =
            std::clamp(from.high + by,
                       grip == Grip::Both ? m_range.low : std::min(m_range.high, from.low + least),
                       m_range.high);
    if (to == m_limits) return;
    setLimits(to);
    Q_EMIT limitsRequested(to);
}

}  // namespace posteria::ui::widgets
