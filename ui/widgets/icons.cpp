#include "ui/widgets/icons.h"

#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPixmap>
#include <QTransform>

#include "ui/widgets/theme.h"

namespace posteria::ui::widgets {

namespace {

// Every symbol is drawn on a square of 16 units.
struct Drawing {
    QPainterPath stroke, fill;
};

QPainterPath eye() {
    QPainterPath path(QPointF(1.5, 8));
    path.quadTo(8, -0.5, 14.5, 8);
    path.quadTo(8, 16.5, 1.5, 8);
    return path;
}

Drawing draw(Symbol symbol) {
    Drawing d;
    switch (symbol) {
        case Symbol::Eye:
            d.stroke = eye();
            d.fill.addEllipse(QPointF(8, 8), 2.3, 2.3);
            break;
        case Symbol::EyeOff:
            d.stroke = eye();
            d.stroke.moveTo(3, 13.5);
            d.stroke.lineTo(13, 2.5);
            break;
        case Symbol::Play:
            d.fill.addPolygon(QPolygonF({{4.5, 3}, {13, 8}, {4.5, 13}, {4.5, 3}}));
            break;
        case Symbol::Pause:
            d.fill.addRect(4, 3, 3, 10);
            d.fill.addRect(9, 3, 3, 10);
            break;
        case Symbol::Delete:
            d.stroke.moveTo(2.5, 4.5);
            d.stroke.lineTo(13.5, 4.5);
            d.stroke.moveTo(6, 4.5);
            d.stroke.lineTo(6.5, 2.5);
            d.stroke.lineTo(9.5, 2.5);
            d.stroke.lineTo(10, 4.5);
            d.stroke.moveTo(4, 4.5);
            d.stroke.lineTo(4.7, 13.5);
            d.stroke.lineTo(11.3, 13.5);
            d.stroke.lineTo(12, 4.5);
            d.stroke.moveTo(6.7, 7);
            d.stroke.lineTo(7, 11);
            d.stroke.moveTo(9.3, 7);
            d.stroke.lineTo(9, 11);
            break;
        case Symbol::Home:
            d.stroke.moveTo(2, 8.2);
            d.stroke.lineTo(8, 2.8);
            d.stroke.lineTo(14, 8.2);
            d.stroke.moveTo(3.8, 7.2);
            d.stroke.lineTo(3.8, 13.2);
            d.stroke.lineTo(12.2, 13.2);
            d.stroke.lineTo(12.2, 7.2);
            break;
        case Symbol::Crosshair:
            d.stroke.addEllipse(QPointF(8, 8), 4.2, 4.2);
            for (const auto& [from, to] : {std::pair{QPointF(8, 1.5), QPointF(8, 6)},
                                           std::pair{QPointF(8, 10), QPointF(8, 14.5)},
                                           std::pair{QPointF(1.5, 8), QPointF(6, 8)},
                                           std::pair{QPointF(10, 8), QPointF(14.5, 8)}}) {
                d.stroke.moveTo(from);
                d.stroke.lineTo(to);
            }
            break;
        case Symbol::Cube:
            d.stroke.addPolygon(QPolygonF({{8, 1.8},
                                           {13.6, 4.8},
                                           {13.6, 11.2},
                                           {8, 14.2},
                                           {2.4, 11.2},
                                           {2.4, 4.8},
                                           {8, 1.8}}));
            for (const auto& corner : {QPointF(2.4, 4.8), QPointF(13.6, 4.8), QPointF(8, 14.2)}) {
                d.stroke.moveTo(8, 7.9);
                d.stroke.lineTo(corner);
            }
            break;
        case Symbol::Ruler:
            d.stroke.moveTo(2, 6);
            d.stroke.lineTo(2, 11);
            d.stroke.lineTo(14, 11);
            d.stroke.lineTo(14, 6);
            for (const double x : {5.0, 8.0, 11.0}) {
                d.stroke.moveTo(x, 8.5);
                d.stroke.lineTo(x, 11);
            }
            break;
        case Symbol::Open:
            d.stroke.moveTo(2, 12.8);
            d.stroke.lineTo(2, 3.2);
            d.stroke.lineTo(6.2, 3.2);
            d.stroke.lineTo(7.6, 5);
            d.stroke.lineTo(14, 5);
            d.stroke.lineTo(14, 12.8);
            d.stroke.closeSubpath();
            break;
        case Symbol::Close:
            d.stroke.moveTo(4, 4);
            d.stroke.lineTo(12, 12);
            d.stroke.moveTo(12, 4);
            d.stroke.lineTo(4, 12);
            break;
        case Symbol::Warning:
            d.stroke.addPolygon(QPolygonF({{8, 2.2}, {14.6, 13.4}, {1.4, 13.4}, {8, 2.2}}));
            d.stroke.moveTo(8, 6.2);
            d.stroke.lineTo(8, 9.4);
            d.fill.addEllipse(QPointF(8, 11.4), 0.8, 0.8);
            break;
        case Symbol::Info:
            d.stroke.addEllipse(QPointF(8, 8), 6.2, 6.2);
            d.stroke.moveTo(8, 7.2);
            d.stroke.lineTo(8, 11.2);
            d.fill.addEllipse(QPointF(8, 4.9), 0.9, 0.9);
            break;
        case Symbol::Hand:  // four arrows: the view moves
            for (const double angle : {0.0, 90.0, 180.0, 270.0}) {
                QPainterPath arrow(QPointF(0, 0));
                arrow.lineTo(0, -6.2);
                arrow.moveTo(-2, -4.2);
                arrow.lineTo(0, -6.4);
                arrow.lineTo(2, -4.2);
                d.stroke.addPath(QTransform().translate(8, 8).rotate(angle).map(arrow));
            }
            break;
        case Symbol::Pointer:
            d.stroke.addPolygon(QPolygonF({{4, 2}, {12.5, 9.2}, {8.6, 9.6}, {6.6, 13.6}, {4, 2}}));
            break;
        case Symbol::Rectangle:
            d.stroke.addRect(2.5, 4, 11, 8);
            break;
        case Symbol::Ellipse:
            d.stroke.addEllipse(QPointF(8, 8), 5.8, 4.2);
            break;
        case Symbol::Segment:
            d.stroke.moveTo(3.5, 12.5);
            d.stroke.lineTo(12.5, 3.5);
            d.fill.addEllipse(QPointF(3.2, 12.8), 1.6, 1.6);
            d.fill.addEllipse(QPointF(12.8, 3.2), 1.6, 1.6);
            break;
        case Symbol::Polygon:
            d.stroke.addPolygon(
                QPolygonF({{3, 5}, {8.5, 2.4}, {13.4, 7}, {10.5, 13}, {4.4, 12.2}, {3, 5}}));
            break;
        case Symbol::Points:
            for (const auto& at : {QPointF(4.5, 5), QPointF(11.5, 4), QPointF(8.5, 11.5)})
                d.fill.addEllipse(at, 1.9, 1.9);
            break;
        case Symbol::Brush:
            d.stroke.moveTo(13.5, 2.5);
            d.stroke.lineTo(7.6, 8.6);
            d.fill.addEllipse(QPointF(5.4, 10.8), 2.9, 2.3);
            d.fill.addPolygon(QPolygonF({{2.2, 13.6}, {3.4, 9.6}, {6.4, 12.6}}));
            break;
        case Symbol::Eraser:
            d.stroke.addPolygon(
                QPolygonF({{2.4, 10}, {8.6, 3.4}, {13, 7.4}, {7.4, 13.2}, {4.8, 13.2}, {2.4, 10}}));
            d.stroke.moveTo(5.5, 6.8);
            d.stroke.lineTo(9.9, 10.8);
            break;
        case Symbol::Bucket:
            d.stroke.addPolygon(
                QPolygonF({{2.6, 8}, {7.6, 2.8}, {12.6, 7.6}, {7.4, 13}, {2.6, 8}}));
            d.stroke.moveTo(2.6, 8);
            d.stroke.lineTo(12.6, 7.6);
            d.fill.addEllipse(QPointF(13.6, 11.6), 1.2, 1.8);
            break;
        case Symbol::Dropper:
            d.stroke.moveTo(2.6, 13.4);
            d.stroke.lineTo(4, 10.2);
            d.stroke.lineTo(9.2, 5);
            d.stroke.moveTo(2.6, 13.4);
            d.stroke.lineTo(5.8, 12);
            d.stroke.lineTo(11, 6.8);
            d.fill.addPolygon(QPolygonF(
                {{8.2, 4}, {10, 4.2}, {12, 2.2}, {13.8, 4}, {11.8, 6}, {12, 7.8}, {8.2, 4}}));
            break;
        case Symbol::Labels:
            d.stroke.addPolygon(QPolygonF(
                {{2.4, 2.8}, {8, 2.8}, {13.6, 8.4}, {8.2, 13.8}, {2.4, 8.2}, {2.4, 2.8}}));
            d.fill.addEllipse(QPointF(5.4, 5.8), 1.2, 1.2);
            break;
        case Symbol::Link:
            for (const double shift : {0.0, 5.0}) {
                QPainterPath ring;
                ring.addRoundedRect(QRectF(-4, -2, 6.5, 4), 2, 2);
                d.stroke.addPath(QTransform()
                                     .translate(6.4 + shift * 0.7, 9.6 - shift * 0.7)
                                     .rotate(-45)
                                     .map(ring));
            }
            break;
    }
    return d;
}

class SymbolEngine : public QIconEngine {
  public:
    explicit SymbolEngine(Symbol symbol) : m_symbol(symbol), m_drawing(draw(symbol)) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode,
               QIcon::State state) override {
        const auto& c = theme::colors();
        QColor color = c.icon;
        if (mode == QIcon::Selected || state == QIcon::On) color = c.onCurrent;
        if (mode == QIcon::Disabled || m_symbol == Symbol::EyeOff) color = c.highlight;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const double side = std::min(rect.width(), rect.height());
        painter->translate(rect.center() + QPointF(0.5, 0.5) - QPointF(side / 2, side / 2));
        painter->scale(side / 16, side / 16);
        painter->strokePath(m_drawing.stroke,
                            QPen(color, 1.3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->fillPath(m_drawing.fill, color);
        painter->restore();
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }
    QIconEngine* clone() const override { return new SymbolEngine(*this); }

  private:
    Symbol m_symbol;
    Drawing m_drawing;
};

}  // namespace

QIcon icon(Symbol symbol) {
    return QIcon(new SymbolEngine(symbol));
}

QIcon applicationIcon() {
    // A bell curve over the sample it was drawn from: a posterior.
    QPixmap pixmap(64, 64);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme::colors(theme::Theme::Dark).foreground);
    painter.drawRoundedRect(QRectF(2, 2, 60, 60), 12, 12);
    QPainterPath bell(QPointF(8, 48));
    bell.cubicTo(24, 48, 24, 14, 32, 14);
    bell.cubicTo(40, 14, 40, 48, 56, 48);
    painter.strokePath(bell, QPen(QColor(236, 72, 220), 4, Qt::SolidLine, Qt::RoundCap));
    painter.setBrush(QColor(64, 220, 110));
    for (const int x : {22, 29, 34, 41})
        painter.drawEllipse(QPointF(x, 54), 2.4, 2.4);
    return QIcon(pixmap);
}

}  // namespace posteria::ui::widgets
