// What is written and drawn over the panes: borders, titles, values under the cursor, crosshair,
// scale bar, axes, colour bars. Logical pixels, y down.
#pragma once

#include <QColor>
#include <QLineF>
#include <QPointF>
#include <QRectF>
#include <QString>
#include <optional>
#include <vector>

#include "ui/model/colormaps.h"
#include "ui/model/contrast.h"
#include "ui/viewer/doubt_painter.h"
#include "ui/viewer/mark_painter.h"
#include "ui/viewer/scale_bar.h"

class QPainter;

namespace posteria::ui::viewer {

struct ColorBar {
    ColorTable table;
    Limits limits;
    double gamma = 1;
    QString label;
};

struct Readout {
    QString text;
    QColor color;
};

// Letters of the axes that lie in the plane.
struct PlaneAxes {
    QChar right, down;
};

struct PaneOverlay {
    QRectF rect;
    QString title;
    std::vector<Readout> values;    // under the cursor
    std::optional<QPointF> cursor;  // a light mark; none in the pane the pointer is in
    std::optional<QPointF> crosshair;
    std::optional<QLineF> line;  // of a profile
    std::vector<PaintedMark> marks;
    std::optional<PaintedStroke> stroke;  // of a brush, and where it is
    std::optional<ScaleBar> scaleBar;
    std::optional<PlaneAxes> axes;
    std::optional<ColorBar> colorBar;
    std::optional<SuppressedLegend> legend;
    std::optional<PaintedLens> lens;
    std::optional<PaintedContours> contours;
    std::optional<double> divider;  // x of a line that can be dragged
    QString rightTitle;             // of what is shown at its right
    bool active = false;            // the one that sliders and keys move
    QString message;                // in the middle: why the pane is empty
};

// Titles, bars and values; what points and what explains an empty pane stay.
void removeLabels(PaneOverlay& overlay);
void paintOverlay(QPainter& painter, const std::vector<PaneOverlay>& panes);

}  // namespace posteria::ui::viewer
