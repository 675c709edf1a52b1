// What tells of doubt over a pane: the rim of the loupe, contours of the samples, and the legend of
// colours that doubt suppresses. Logical pixels, y down.
#pragma once

#include <QPointF>
#include <QRectF>
#include <QString>
#include <QTransform>
#include <memory>
#include <vector>

#include "ui/model/confidence_contours.h"
#include "ui/model/contrast.h"

class QPainter;

namespace posteria::ui::viewer {

struct PaintedLens {
    QPointF center;
    double radius = 0;
    bool round = true;
    QString caption;  // what is seen through it
};
// The caption stands below, or above where the pane ends there.
void paintLens(QPainter& painter, const QRectF& pane, const PaintedLens& lens);

// The inner line is strong, the outer one thin. `toPane` leads from the document's units.
struct PaintedContours {
    std::shared_ptr<const std::vector<ContourLines>> lines;
    QTransform toPane;
};
void paintContours(QPainter& painter, const PaintedContours& contours);

// Of a SuppressingPalette: value along the arc, doubt towards its centre.
struct SuppressedLegend {
    Limits value, doubt;
    QString valueText, doubtText;  // "filaments, grey values", "std, calibrated"
};
// In the pane's upper right corner, below its title; nothing where there is no room.
void paintLegend(QPainter& painter, const QRectF& pane, const SuppressedLegend& legend);

}  // namespace posteria::ui::viewer
