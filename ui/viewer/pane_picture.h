// The pixels of one pane, for the screen and for figures: its layers, and at the right of a divider
// another one.
#pragma once

#include <QSize>
#include <cstdint>
#include <optional>
#include <vector>

#include "ui/viewer/compositor.h"

namespace posteria::ui::viewer {

struct PanePicture {
    std::vector<ComposedLayer> layers;   // the first at the bottom
    std::optional<ComposedLayer> right;  // covers them at the right of the divider
    double divider = 0.5;                // 0…1 of the width
};

// Writes size's pixels, four bytes each (Compositor), row by row from the top; on all processors.
void composePane(const PanePicture& picture, const QSize& size, bool blueFirst,
                 std::uint8_t* pixels);

}  // namespace posteria::ui::viewer
