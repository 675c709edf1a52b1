// Marks and strokes of a brush as they are drawn over a pane; logical pixels, y down.
#pragma once

#include <QColor>
#include <QPainter>
#include <QPointF>
#include <functional>
#include <optional>
#include <vector>

#include "ui/model/marks.h"

namespace posteria::ui::viewer {

struct PaintedMark {
    Mark mark;  // its points in logical pixels
    MarkStyle style;
    double opacity = 1;
    int number = 0;         // from 1
    bool selected = false;  // with handles
};
void paintMark(QPainter& painter, const PaintedMark& mark);
// The marks of a layer that are shown at (t, z), brought to the screen; edited: one may be
// selected. None of a hidden layer.
std::vector<PaintedMark> marksAt(const MarkLayer& layer, std::int64_t t, std::int64_t z,
                                 bool edited,
                                 const std::function<QPointF(const QPointF&)>& toScreen);

struct PaintedStroke {
    std::vector<QPointF> path;      // painted so far
    std::optional<QPointF> cursor;  // of the brush
    double diameter = 1;
    QColor color;
};
void paintStroke(QPainter& painter, const PaintedStroke& stroke);

}  // namespace posteria::ui::viewer
