#include "ui/model/marks.h"

#include <QLineF>
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

QPolygonF outlineOf(const Mark& mark) {
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

double distanceTo(const Mark& mark, const QPointF& position) {
    const QPolygonF corners = outlineOf(mark);
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
    return isClosed(mark) && outlineOf(mark).containsPoint(position, Qt::OddEvenFill);
}

double lengthOf(const Mark& mark) {
    const QPolygonF corners = outlineOf(mark);
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

std::vector<std::pair<double, double>> cutsOf(const Mark& mark, double at, double reach) {
    std::vector<std::pair<double, double>> cuts;
    const QPolygonF corners = outlineOf(mark);
    if (!isClosed(mark)) {
        const QRectF box = boundsOf(mark);
        const bool along = box.height() <= reach;
        if (at < box.top() - reach * along || at > box.bottom() + reach * along) return cuts;
        if (along) return {{box.left(), box.right()}};
        const QPointF &a = corners.front(), &b = corners.back();
        const double x = a.x() + (b.x() - a.x()) * (at - a.y()) / (b.y() - a.y());
        return {{x, x}};
    }
    std::vector<double> crossings;
    for (qsizetype i = 0; i < corners.size(); ++i) {
        const QPointF &a = corners[i], &b = corners[(i + 1) % corners.size()];
        if ((a.y() <= at) != (b.y() <= at))
            crossings.push_back(a.x() + (b.x() - a.x()) * (at - a.y()) / (b.y() - a.y()));
    }
    std::sort(crossings.begin(), crossings.end());
    for (std::size_t i = 0; i + 1 < crossings.size(); i += 2)
        cuts.emplace_back(crossings[i], crossings[i + 1]);
    return cuts;
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
