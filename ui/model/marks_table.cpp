#include "ui/model/marks_table.h"

#include <QStringList>

#include "ui/model/session_reader.h"

namespace posteria::ui {

namespace {

std::vector<QPointF> corners(const Mark& mark) {
    if (mark.kind != Mark::Kind::Rectangle && mark.kind != Mark::Kind::Ellipse) return mark.points;
    const QRectF box = boundsOf(mark);
    return {box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft()};
}

}  // namespace

QByteArray marksTable(const MarkLayer& layer, const ViewState& view) {
    const bool points = layer.role() == Layer::Role::Points;
    const bool hasT = view.shape().t > 1, hasZ = view.shape().z > 1;
    QStringList head{QStringLiteral("index")};
    if (!points) head << QStringLiteral("shape-type") << QStringLiteral("vertex-index");
    for (int axis = 0; axis < 2 + int(hasT) + int(hasZ); ++axis)
        head << QStringLiteral("axis-%1").arg(axis);
    QStringList lines{head.join(QLatin1Char(','))};
    for (std::size_t i = 0; i < layer.marks().size(); ++i) {
        const Mark& mark = layer.marks()[i];
        const auto all = corners(mark);
        for (std::size_t k = 0; k < all.size(); ++k) {
            QStringList row{QString::number(i)};
            if (!points) row << wordOf(kMarkWords, mark.kind) << QString::number(k);
            if (hasT) row << QString::number(mark.t);
            if (hasZ) row << QString::number(mark.z);
            const QPointF pixel = view.toPixel(all[k]);
            row << QString::number(pixel.y(), 'f', 3) << QString::number(pixel.x(), 'f', 3);
            lines << row.join(QLatin1Char(','));
        }
    }
    return (lines.join(QLatin1Char('\n')) + QLatin1Char('\n')).toUtf8();
}

}  // namespace posteria::ui
