#include "ui/viewer/doubt_painter.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/model/suppressing_palette.h"

namespace posteria::ui::viewer {

namespace {

constexpr double kMargin = 8, kRadius = 78, kSpan = 76;  // degrees
constexpr double kLargestLegend = 0.25;                  // of a pane that it may cover
const QColor kText(240, 241, 242);
const QColor kPlate(20, 21, 26, 170);

void paintRim(QPainter& p, const PaintedLens& lens) {
    const QRectF square(lens.center - QPointF(lens.radius, lens.radius),
                        QSizeF(2 * lens.radius, 2 * lens.radius));
    p.setBrush(Qt::NoBrush);
    for (const auto& [color, width] : {std::pair{QColor(0, 0, 0, 160), 3.0}, {kText, 1.2}}) {
        p.setPen(QPen(color, width));
        if (lens.round)
            p.drawEllipse(square);
        else
            p.drawRect(square);
    }
}

}  // namespace

void paintLens(QPainter& p, const QRectF& pane, const PaintedLens& lens) {
    paintRim(p, lens);
    if (lens.caption.isEmpty()) return;
    const QFontMetricsF metrics(p.font());
    const QSizeF size(metrics.horizontalAdvance(lens.caption) + 10, metrics.height() + 4);
    QRectF plate(QPointF(lens.center.x() - size.width() / 2, lens.center.y() + lens.radius + 4),
                 size);
    if (plate.bottom() > pane.bottom()) plate.moveBottom(lens.center.y() - lens.radius - 4);
    p.setPen(Qt::NoPen);
    p.setBrush(kPlate);
    p.drawRoundedRect(plate, 3, 3);
    p.setPen(kText);
    p.drawText(plate, Qt::AlignCenter, lens.caption);
}

void paintContours(QPainter& p, const PaintedContours& contours) {
    p.save();
    // Thousands of short pieces: smooth edges would take ten times as long.
    p.setRenderHint(QPainter::Antialiasing, false);
    const QTransform toDevice = contours.toPane * p.transform();
    p.setTransform(toDevice);
    for (const auto& contour : *contours.lines) {
        QColor color = contour.color;
        if (!contour.inner) color.setAlpha(190);
        QPen pen(color, contour.inner ? 2 : 1);
        pen.setCosmetic(true);
        p.setPen(pen);
        p.drawLines(contour.lines.data(), int(contour.lines.size()));
    }
    p.restore();
}

void paintLegend(QPainter& p, const QRectF& pane, const SuppressedLegend& legend) {
    using Palette = SuppressingPalette;
    const QFontMetricsF metrics(p.font());
    const double line = metrics.height();
    const double arc = 2 * kRadius * std::sin(kSpan / 2 * std::acos(-1.0) / 180);
    const double wanted = std::max({metrics.horizontalAdvance(legend.valueText),
                                    metrics.horizontalAdvance(legend.doubtText), arc + 60});
    const QSizeF size(wanted + 16, kRadius + 3 * line + 16);
    const double top = pane.top() + 2 * kMargin + line + 4;
    if (size.width() + 4 * kMargin > pane.width() * 0.7 ||
        size.height() > pane.bottom() - top - 5 * kMargin ||
        size.width() * size.height() > kLargestLegend * pane.width() * pane.height())
        return;
    const QRectF plate(QPointF(pane.right() - kMargin - size.width(), top), size);
    p.setPen(Qt::NoPen);
    p.setBrush(kPlate);
    p.drawRoundedRect(plate, 3, 3);
    const auto text = [&](const QRectF& where, const QString& words, Qt::Alignment how) {
        p.setPen(kText);
        p.drawText(where, int(how), words);
    };
    text({plate.left(), plate.top() + 4, plate.width(), line}, legend.valueText, Qt::AlignCenter);
    const QPointF tip(plate.center().x(), plate.top() + 2 * line + 6 + kRadius);
    for (int level = 0; level < Palette::kLevels; ++level) {
        const double radius = kRadius * (Palette::kLevels - level) / Palette::kLevels;
        const QRectF circle(tip - QPointF(radius, radius), QSizeF(2 * radius, 2 * radius));
        const int steps = Palette::stepsAt(level);
        for (int step = 0; step < steps; ++step) {
            // Counter-clockwise from the right, in sixteenths: small values lie at the left.
            const double span = kSpan / steps, start = 90 + kSpan / 2 - (step + 1) * span;
            p.setBrush(QColor::fromRgb(Palette::field(level, step)));
            p.setPen(QPen(QColor(20, 21, 26), 1));
            p.drawPie(circle, int(std::lround(start * 16)), int(std::lround(span * 16)));
        }
    }
    const auto three = [](double value) { return QString::number(value, 'g', 3); };
    const double half = arc / 2, shoulder = tip.y() - kRadius * 0.79;
    text({tip.x() - half - 60, shoulder - line / 2, 54, line}, three(legend.value.low),
         Qt::AlignRight | Qt::AlignVCenter);
    text({tip.x() + half + 6, shoulder - line / 2, 54, line}, three(legend.value.high),
         Qt::AlignLeft | Qt::AlignVCenter);
    // Doubt grows from the arc to the tip.
    const auto around = [&](double value) { return QStringLiteral("± ") + three(value); };
    text({tip.x() + half * 0.72, shoulder + line, 54, line}, around(legend.doubt.low),
         Qt::AlignLeft | Qt::AlignVCenter);
    text({tip.x() + half * 0.2, tip.y() - line, 54, line}, around(legend.doubt.high),
         Qt::AlignLeft | Qt::AlignVCenter);
    text({plate.left(), plate.bottom() - line - 4, plate.width(), line}, legend.doubtText,
         Qt::AlignCenter);
}

}  // namespace posteria::ui::viewer
