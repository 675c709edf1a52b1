#include "ui/viewer/mark_painter.h"

#include <QPainterPath>
#include <QPolygonF>

namespace posteria::ui::viewer {

namespace {

constexpr double kHandle = 7;
const QColor kShadow(0, 0, 0, 130);  // so that lines read over bright images

QPainterPath pathOf(const PaintedMark& painted) {
    QPainterPath path;
    const auto& mark = painted.mark;
    switch (mark.kind) {
        case Mark::Kind::Point:
            path.addEllipse(mark.points.front(), painted.style.size / 2, painted.style.size / 2);
            break;
        case Mark::Kind::Line:
            path.moveTo(mark.points.front());
            path.lineTo(mark.points.back());
            break;
        case Mark::Kind::Rectangle:
            path.addRect(boundsOf(mark));
            break;
        case Mark::Kind::Ellipse:
            path.addEllipse(boundsOf(mark));
            break;
        case Mark::Kind::Polygon:
            path.addPolygon(QPolygonF(QList<QPointF>(mark.points.begin(), mark.points.end())));
            path.closeSubpath();
            break;
    }
    return path;
}

}  // namespace

void paintMark(QPainter& p, const PaintedMark& painted) {
    if (painted.mark.points.empty()) return;
    const auto& style = painted.style;
    const bool isPoint = painted.mark.kind == Mark::Kind::Point;
    const QPainterPath path = pathOf(painted);
    p.save();
    p.setOpacity(painted.opacity);
    QColor fill = style.color;
    fill.setAlphaF(isPoint ? 0.55f : painted.selected ? 0.15f : 0.0f);
    const bool open = painted.mark.kind == Mark::Kind::Line;
    p.setPen(QPen(kShadow, style.width + 2));
    p.setBrush(Qt::NoBrush);
    p.drawPath(path);
    p.setPen(QPen(style.color, style.width));
    p.setBrush(open ? QBrush(Qt::NoBrush) : QBrush(fill));
    p.drawPath(path);
    if (painted.selected) {
        p.setPen(QPen(Qt::black, 1));
        p.setBrush(Qt::white);
        for (const auto& point : painted.mark.points) {
            if (isPoint) {
                p.setBrush(Qt::NoBrush);
                p.setPen(QPen(Qt::white, 1.5));
                p.drawEllipse(point, style.size / 2 + 3, style.size / 2 + 3);
            } else {
                p.drawRect(QRectF(point - QPointF(kHandle, kHandle) / 2, QSizeF(kHandle, kHandle)));
            }
        }
    }
    if (style.numbers) {
        const QPointF at = boundsOf(painted.mark).topRight() + QPointF(isPoint ? 7 : 4, -3);
        const QString text = QString::number(painted.number);
        p.setPen(Qt::black);
        p.drawText(at + QPointF(1, 1), text);
        p.setPen(style.color);
        p.drawText(at, text);
    }
    p.restore();
}

std::vector<PaintedMark> marksAt(const MarkLayer& layer, std::int64_t t, std::int64_t z,
                                 bool edited,
                                 const std::function<QPointF(const QPointF&)>& toScreen) {
    std::vector<PaintedMark> painted;
    int number = 0;
    for (const Mark& mark : layer.marks()) {
        ++number;
        if (!layer.isVisible() || !layer.isShownAt(mark, t, z)) continue;
        const bool selected = edited && number - 1 == layer.selectedMark();
        painted.push_back({mark, layer.style(), layer.opacity(), number, selected});
        for (auto& point : painted.back().mark.points)
            point = toScreen(point);
    }
    return painted;
}

void paintStroke(QPainter& p, const PaintedStroke& stroke) {
    p.save();
    if (!stroke.path.empty()) {
        QPainterPath path(stroke.path.front());
        for (const auto& point : stroke.path)
            path.lineTo(point);
        path.lineTo(stroke.path.back() + QPointF(0.01, 0));  // a dot is a path, too
        QColor color = stroke.color;
        color.setAlphaF(0.6f);
        p.setPen(QPen(color, stroke.diameter, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        p.setBrush(Qt::NoBrush);
        p.drawPath(path);
    }
    if (stroke.cursor) {
        p.setBrush(Qt::NoBrush);
        for (const auto& [color, width] : {std::pair{kShadow, 3.0}, {QColor(Qt::white), 1.2}}) {
            p.setPen(QPen(color, width));
            p.drawEllipse(*stroke.cursor, stroke.diameter / 2, stroke.diameter / 2);
        }
    }
    p.restore();
}

}  // namespace posteria::ui::viewer
