// The pixels of one pane, for the screen and for figures: its layers, at the right of a divider
// another one, and one seen through a loupe.
#pragma once

#include <QPointF>
#include <QRect>
#include <QSize>
#include <cstdint>
#include <optional>
#include <vector>

#include "ui/viewer/compositor.h"

namespace posteria::ui::viewer {

// A round or square part of a pane that shows something else.
struct PaneLens {
    ComposedLayer layer;  // composed for a pane that begins at the first pixel of bounds()
    QPointF center;       // pixels of the pane
    double radius = 0;    // or half its side
    bool round = true;

    QRect bounds() const;
};

struct PanePicture {
    std::vector<ComposedLayer> layers;   // the first at the bottom
    std::optional<ComposedLayer> right;  // covers them at the right of the divider
    double divider = 0.5;                // 0…1 of the width
    std::optional<PaneLens> lens;        // covers both
};

// Writes size's pixels, four bytes each (Compositor), row by row from the top; on all processors.
void composePane(const PanePicture& picture, const QSize& size, bool blueFirst,
                 std::uint8_t* pixels);

}  // namespace posteria::ui::viewer
