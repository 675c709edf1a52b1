#include "ui/viewer/pane_picture.h"

#include <vtkSMPTools.h>

#include <algorithm>
#include <cmath>

namespace posteria::ui::viewer {

namespace {

void composeAll(const std::vector<ComposedLayer>& layers, const QSize& size, bool blueFirst,
                std::uint8_t* pixels) {
    const Compositor compositor(layers, size.width(), blueFirst);
    vtkSMPTools::For(0, size.height(), 32, [&](vtkIdType from, vtkIdType to) {
        compositor.compose(static_cast<int>(from), static_cast<int>(to), pixels);
    });
}

}  // namespace

void composePane(const PanePicture& picture, const QSize& size, bool blueFirst,
                 std::uint8_t* pixels) {
    composeAll(picture.layers, size, blueFirst, pixels);
    if (!picture.right) return;
    const auto width = static_cast<std::size_t>(size.width());
    const auto column = static_cast<std::size_t>(
        std::clamp<long>(std::lround(picture.divider * size.width()), 0, size.width()));
    std::vector<std::uint8_t> covered(width * static_cast<std::size_t>(size.height()) * 4);
    composeAll({*picture.right}, size, blueFirst, covered.data());
    for (std::size_t row = 0; row < static_cast<std::size_t>(size.height()); ++row) {
        const auto at = (row * width + column) * 4;
        std::copy_n(covered.data() + at, (width - column) * 4, pixels + at);
    }
}

}  // namespace posteria::ui::viewer
