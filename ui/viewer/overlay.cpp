#include "ui/viewer/overlay.h"

#include <QFontMetricsF>
#include <QImage>
#include <QLinearGradient>
#include <QPainter>
#include <QPen>
#include <algorithm>
#include <cmath>

#include "ui/viewer/readout.h"

namespace posteria::ui::viewer {

namespace {

constexpr double kMargin = 8;
const QColor kText(240, 241, 242);
const QColor kActive{120, 145, 240};
const QColor kDim(209, 210, 212, 170);
const QColor kPlate(20, 21, 26, 170);  // behind text, so that it reads over bright images
const QColor kBorder(66, 74, 84);
const QColor kCrosshair(227, 182, 23, 190);

// Text on a rounded plate whose top left corner is given; returns the plate.
QRectF label(QPainter& p, const QPointF& corner, const QString& text, const QColor& color,
             double room) {
    const QFontMetricsF metrics(p.font());
    const QString shown = metrics.elidedText(text, Qt::ElideRight, std::max(room - 10, 0.0));
    const QRectF plate(corner, QSizeF(metrics.horizontalAdvance(shown) + 10, metrics.height() + 4));
    p.setPen(Qt::NoPen);
    p.setBrush(kPlate);
    p.drawRoundedRect(plate, 3, 3);
    p.setPen(color);
    p.drawText(plate, Qt::AlignCenter, shown);
    return plate;
}

void paintCross(QPainter& p, const PaneOverlay& pane) {
    if (pane.crosshair && pane.rect.contains(*pane.crosshair)) {
        const QPointF c(std::floor(pane.crosshair->x()) + 0.5,
                        std::floor(pane.crosshair->y()) + 0.5);
        constexpr double kGap = 7;  // the pixel in question stays in sight
        p.setPen(QPen(kCrosshair, 1));
        p.drawLine(QPointF(pane.rect.left(), c.y()), QPointF(c.x() - kGap, c.y()));
        p.drawLine(QPointF(c.x() + kGap, c.y()), QPointF(pane.rect.right(), c.y()));
        p.drawLine(QPointF(c.x(), pane.rect.top()), QPointF(c.x(), c.y() - kGap));
        p.drawLine(QPointF(c.x(), c.y() + kGap), QPointF(c.x(), pane.rect.bottom()));
    }
    if (pane.cursor && pane.rect.contains(*pane.cursor)) {
        const QPointF c = *pane.cursor;
        for (const auto& [color, width] :
             {std::pair{QColor(0, 0, 0, 150), 3.0}, {QColor(255, 255, 255, 220), 1.0}}) {
            p.setPen(QPen(color, width, Qt::SolidLine, Qt::FlatCap));
            p.drawLine(c - QPointF(8, 0), c - QPointF(3, 0));
            p.drawLine(c + QPointF(3, 0), c + QPointF(8, 0));
            p.drawLine(c - QPointF(0, 8), c - QPointF(0, 3));
            p.drawLine(c + QPointF(0, 3), c + QPointF(0, 8));
        }
    }
}

// Dark beneath, so that it reads over bright structures.
void paintLine(QPainter& p, const QLineF& line) {
    for (const auto& [color, width] : {std::pair{QColor(0, 0, 0, 150), 3.0}, {kCrosshair, 1.4}}) {
        p.setPen(QPen(color, width, Qt::SolidLine, Qt::RoundCap));
        p.drawLine(line);
        p.setBrush(color);
        for (const auto& end : {line.p1(), line.p2()})
            p.drawEllipse(end, 2.5, 2.5);
    }
    p.setBrush(Qt::NoBrush);
}

// Returns the height it takes at the pane's lower edge.
double paintScaleBar(QPainter& p, const PaneOverlay& pane) {
    const ScaleBar& bar = *pane.scaleBar;
    const QFontMetricsF metrics(p.font());
    const double textWidth = metrics.horizontalAdvance(bar.text);
    const QSizeF size(std::max(bar.pixels, textWidth) + 16, metrics.height() + 13);
    const QRectF plate(pane.rect.right() - kMargin - size.width(),
                       pane.rect.bottom() - kMargin - size.height(), size.width(), size.height());
    p.setPen(Qt::NoPen);
    p.setBrush(kPlate);
    p.drawRoundedRect(plate, 3, 3);
    p.setPen(kText);
    p.drawText(QRectF(plate.left(), plate.top() + 2, plate.width(), metrics.height()),
               Qt::AlignCenter, bar.text);
    p.fillRect(QRectF(plate.center().x() - bar.pixels / 2, plate.bottom() - 8, bar.pixels, 3),
               kText);
    return size.height() + kMargin;
}

// Two arrows with their letters, above what is written at the pane's lower edge.
void paintAxes(QPainter& p, const PaneOverlay& pane, double below) {
    constexpr double kLength = 30, kHead = 4;
    const QFontMetricsF metrics(p.font());
    const double letter = metrics.height(), side = kLength + letter + 12;
    const QRectF plate(pane.rect.left() + kMargin, pane.rect.bottom() - below - kMargin - side,
                       side, side);
    if (side > pane.rect.width() / 3 || side > pane.rect.height() / 3) return;
    p.setPen(Qt::NoPen);
    p.setBrush(kPlate);
    p.drawRoundedRect(plate, 3, 3);
    const QPointF corner = plate.topLeft() + QPointF(9, 9);
    const auto arrow = [&](const QPointF& way, const QPointF& across, QChar name) {
        const QPointF tip = corner + kLength * way;
        p.setPen(QPen(kText, 1.4));
        p.drawLine(corner, tip);
        p.drawLine(tip, tip - kHead * (way + across));
        p.drawLine(tip, tip - kHead * (way - across));
        const QPointF middle = tip + (letter / 2 + 2) * way;
        p.drawText(QRectF(middle - QPointF(letter, letter) / 2, QSizeF(letter, letter)),
                   Qt::AlignCenter, QString(name));
    };
    arrow({1, 0}, {0, 1}, pane.axes->right);
    arrow({0, 1}, {1, 0}, pane.axes->down);
}

void paintColorBar(QPainter& p, const PaneOverlay& pane, double below) {
    const ColorBar& bar = *pane.colorBar;
    const QFontMetricsF metrics(p.font());
    const auto three = [](double value) { return QString::number(value, 'g', 3); };
    const QString high = three(bar.limits.high), low = three(bar.limits.low);
    const QString middle = three((bar.limits.low + bar.limits.high) / 2);
    const double numbers =
        std::max({metrics.horizontalAdvance(high), metrics.horizontalAdvance(low),
                  metrics.horizontalAdvance(middle)});
    constexpr double kStrip = 11;
    const double top = pane.rect.top() + 2 * kMargin + metrics.height() + 4;
    const double room = pane.rect.bottom() - below - kMargin - top;
    const double height = std::min(room, 190.0);
    if (height < 3 * metrics.height() + 20 || numbers + kStrip + 40 > pane.rect.width() / 2) return;

    const double width = kStrip + numbers + 18;
    const QRectF plate(pane.rect.right() - kMargin - width, top, width, height);
    p.setPen(Qt::NoPen);
    p.setBrush(kPlate);
    p.drawRoundedRect(plate, 3, 3);

    QImage strip(1, 256, QImage::Format_RGB32);
    for (int i = 0; i < 256; ++i) {
        const double t = std::pow((255 - i) / 255.0, bar.gamma);
        strip.setPixel(0, i, bar.table[static_cast<std::size_t>(std::lround(255 * t))]);
    }
    const double half = metrics.height() / 2;
    const QRectF ramp(plate.right() - 6 - kStrip, plate.top() + half + 2, kStrip,
                      plate.height() - 2 * half - 4);
    p.setRenderHint(QPainter::SmoothPixmapTransform);
    p.drawImage(ramp, strip);
    p.setPen(QPen(QColor(255, 255, 255, 90), 1));
    p.setBrush(Qt::NoBrush);
    p.drawRect(ramp);

    p.setPen(kText);
    const auto number = [&](double y, const QString& text) {
        p.drawText(QRectF(plate.left() + 6, y - half, numbers, metrics.height()),
                   Qt::AlignRight | Qt::AlignVCenter, text);
        p.drawLine(QPointF(ramp.left() - 3, y), QPointF(ramp.left(), y));
    };
    number(ramp.top(), high);
    number(ramp.center().y(), middle);
    number(ramp.bottom(), low);
}

void paintDivider(QPainter& p, const QRectF& rect, double x) {
    x = std::floor(x) + 0.5;
    p.setPen(QPen(QColor(0, 0, 0, 150), 3));
    p.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()));
    p.setPen(QPen(kText, 1));
    p.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()));
    const QRectF handle(x - 7, rect.center().y() - 14, 14, 28);
    p.setBrush(QColor(20, 21, 26, 220));
    p.drawRoundedRect(handle, 4, 4);
    for (const double dx : {-2.0, 2.0})
        p.drawLine(QPointF(x + dx, handle.top() + 9), QPointF(x + dx, handle.bottom() - 9));
}

void paintPane(QPainter& p, const PaneOverlay& pane) {
    p.setClipRect(pane.rect);
    if (pane.contours) paintContours(p, *pane.contours);
    paintCross(p, pane);

    p.setRenderHint(QPainter::Antialiasing);
    for (const auto& mark : pane.marks)
        paintMark(p, mark);
    if (pane.stroke) paintStroke(p, *pane.stroke);
    if (pane.line) paintLine(p, *pane.line);
    if (pane.lens) paintLens(p, pane.rect, *pane.lens);
    const QRectF inner = pane.rect.adjusted(kMargin, kMargin, -kMargin, -kMargin);
    if (pane.divider) paintDivider(p, pane.rect, *pane.divider);
    QRectF title(inner.topLeft(), QSizeF());
    QFont bold = p.font();
    const QFont plain = bold;
    if (!pane.title.isEmpty()) {
        bold.setWeight(QFont::DemiBold);
        p.setFont(bold);
        // The two titles of a comparison keep to their halves.
        const double room = pane.divider ? inner.width() / 2 - kMargin : inner.width();
        title = label(p, inner.topLeft(), pane.title, kText, room);
        if (pane.divider) {
            const double wanted = QFontMetricsF(bold).horizontalAdvance(pane.rightTitle) + 11;
            label(p, {inner.right() - std::min(wanted, room), inner.top()}, pane.rightTitle, kText,
                  room);
        }
        p.setFont(plain);
    }
    double below = 0;
    if (pane.scaleBar) below = paintScaleBar(p, pane);
    if (pane.colorBar) {
        paintColorBar(p, pane, below);
        const QFontMetricsF metrics(p.font());
        const double room = inner.right() - title.right() - kMargin;
        const double wanted = metrics.horizontalAdvance(pane.colorBar->label) + 10;
        if (room > 60 && !pane.colorBar->label.isEmpty()) {
            const double x = inner.right() - std::min(wanted, room);
            label(p, {x, inner.top()}, pane.colorBar->label, kDim, room);
        }
    }
    if (pane.legend) paintLegend(p, pane.rect, *pane.legend);
    // Values stand side by side at the lower left, each in its channel's colour.
    double x = inner.left();
    const double right = pane.scaleBar ? inner.right() - pane.scaleBar->pixels - 40 : inner.right();
    const double height = QFontMetricsF(p.font()).height() + 4;
    for (const auto& value : pane.values) {
        if (right - x < 30) break;
        x = label(p, {x, inner.bottom() - height}, value.text, value.color, right - x).right() + 4;
    }
    if (pane.axes) paintAxes(p, pane, height + 4);
    if (pane.active) {
        p.setPen(QPen(kActive, 1));
        p.setBrush(Qt::NoBrush);
        p.drawRect(pane.rect.adjusted(0.5, 0.5, -0.5, -0.5));
    }
    if (!pane.message.isEmpty()) {
        p.setPen(kDim);
        p.drawText(pane.rect.adjusted(24, 40, -24, -40), Qt::AlignCenter | Qt::TextWordWrap,
                   pane.message);
    }
    p.setRenderHint(QPainter::Antialiasing, false);
}

}  // namespace

void removeLabels(PaneOverlay& overlay) {
    overlay.title.clear();
    overlay.rightTitle.clear();
    overlay.values.clear();
    overlay.scaleBar.reset();
    overlay.axes.reset();
    overlay.colorBar.reset();
    overlay.legend.reset();
    if (overlay.lens) overlay.lens->caption.clear();
}

void paintOverlay(QPainter& painter, const std::vector<PaneOverlay>& panes) {
    for (const auto& pane : panes)
        paintPane(painter, pane);
    painter.setClipping(false);
    if (panes.size() < 2) return;
    // Lines that fill the gaps between panes: whole pixels of the screen, at fractional scales too.
    const double ratio = painter.device()->devicePixelRatioF();
    const double gap = std::max(1.0, std::round(ratio)) / ratio;
    QRectF all;
    for (const auto& pane : panes)
        all |= pane.rect;
    for (const auto& pane : panes) {
        if (pane.rect.right() < all.right()) {
            painter.fillRect(QRectF(pane.rect.right(), all.top(), gap, all.height()), kBorder);
        }
        if (pane.rect.bottom() < all.bottom()) {
            painter.fillRect(QRectF(all.left(), pane.rect.bottom(), all.width(), gap), kBorder);
        }
    }
}

}  // namespace posteria::ui::viewer
