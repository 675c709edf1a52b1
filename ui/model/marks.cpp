#include "ui/model/marks.h"

#include <QLineF>
#include <QPolygonF>
#include <algorithm>
#include <cmath>
#include <utility>

namespace posteria::ui {

namespace {

constexpr double kPi = 3.14159265358979323846;

double distanceToSegment(const QPointF& a, const QPointF& b, const QPointF& p) {
    const QPointF along = b - a;
    const double squared = QPointF::dotProduct(along, along);
    const double share =
        squared > 0 ? std::clamp(QPointF::dotProduct(p - a, along) / squared, 0.0, 1.0) : 0;
    return QLineF(a + along * share, p).length();
}

// The corners of its outline, one after the other; an ellipse's are many.
QPolygonF outline(const Mark& mark) {
    QPolygonF polygon;
    if (mark.kind == Mark::Kind::Ellipse) {
        constexpr int kCorners = 90;
        const QRectF box = boundsOf(mark);
        for (int i = 0; i < kCorners; ++i) {
            const double angle = 2 * kPi * i / kCorners;
            polygon << box.center() + QPointF(std::cos(angle) * box.width() / 2,
                                              std::sin(angle) * box.height() / 2);
        }
    } else if (mark.kind == Mark::Kind::Rectangle) {
        const QRectF box = boundsOf(mark);
        polygon << box.topLeft() << box.topRight() << box.bottomRight() << box.bottomLeft();
    } else {
        for (const auto& point : mark.points)
            polygon << point;
    }
    return polygon;
}

bool isClosed(const Mark& mark) {
    return mark.kind != Mark::Kind::Point && mark.kind != Mark::Kind::Line;
}

}  // namespace

QRectF boundsOf(const Mark& mark) {
    if (mark.points.empty()) return {};
    QPointF low = mark.points.front(), high = low;
    for (const auto& point : mark.points) {
        low = {std::min(low.x(), point.x()), std::min(low.y(), point.y())};
        high = {std::max(high.x(), point.x()), std::max(high.y(), point.y())};
    }
    return {low, high};
}

double distanceTo(const Mark& mark, const QPointF& position) {
    const QPolygonF corners = outline(mark);
    double nearest = 1e300;
    const auto count = corners.size();
    for (qsizetype i = 0; i < count; ++i) {
        if (i + 1 == count && count > 1 && !isClosed(mark)) break;
        nearest =
            std::min(nearest, distanceToSegment(corners[i], corners[(i + 1) % count], position));
    }
    return nearest;
}

bool contains(const Mark& mark, const QPointF& position) {
    return isClosed(mark) && outline(mark).containsPoint(position, Qt::OddEvenFill);
}

double lengthOf(const Mark& mark) {
    const QPolygonF corners = outline(mark);
    double length = 0;
    for (qsizetype i = 0; i + 1 < corners.size() + (isClosed(mark) ? 1 : 0); ++i)
        length += QLineF(corners[i], corners[(i + 1) % corners.size()]).length();
    return length;
}

double areaOf(const Mark& mark) {
    const QRectF box = boundsOf(mark);
    if (mark.kind == Mark::Kind::Rectangle) return box.width() * box.height();
    if (mark.kind == Mark::Kind::Ellipse) return kPi / 4 * box.width() * box.height();
    if (mark.kind != Mark::Kind::Polygon) return 0;
    double twice = 0;
    for (std::size_t i = 0; i < mark.points.size(); ++i) {
        const QPointF &a = mark.points[i], &b = mark.points[(i + 1) % mark.points.size()];
        twice += a.x() * b.y() - b.x() * a.y();
    }
    return std::abs(twice) / 2;
}

MarkLayer::MarkLayer(const QString& name, Role role, QObject* parent)
    : Layer(name, nullptr, role, parent) {
    m_style.everySlice = role == Role::Shapes;
}

void MarkLayer::setMarks(std::vector<Mark> marks) {
    if (marks == m_marks) return;
    m_marks = std::move(marks);
    if (m_selected >= static_cast<int>(m_marks.size())) selectMark(-1);
    Q_EMIT marksChanged();
}

void MarkLayer::setStyle(const MarkStyle& style) {
    if (style == m_style) return;
    m_style = style;
    Q_EMIT displayChanged();
}

void MarkLayer::selectMark(int index) {
    if (index >= static_cast<int>(m_marks.size())) index = -1;
    if (std::exchange(m_selected, index) != index) Q_EMIT selectedMarkChanged();
}

bool MarkLayer::isShownAt(const Mark& mark, std::int64_t t, std::int64_t z) const {
    return m_style.everySlice || (mark.t == t && mark.z == z);
}

}  // namespace posteria::ui
