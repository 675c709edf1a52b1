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

void composeRight(const PanePicture& picture, const QSize& size, bool blueFirst,
                  std::uint8_t* pixels) {
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

void composeLens(const PaneLens& lens, const QSize& size, bool blueFirst, std::uint8_t* pixels) {
    const QRect all = lens.bounds(), seen = all.intersected(QRect(QPoint(0, 0), size));
    if (seen.isEmpty()) return;
    std::vector<std::uint8_t> through(static_cast<std::size_t>(all.width()) *
                                      static_cast<std::size_t>(all.height()) * 4);
    composeAll({lens.layer}, all.size(), blueFirst, through.data());
    for (int y = seen.top(); y <= seen.bottom(); ++y) {
        double half = lens.radius;
        if (lens.round) {
            const double dy = y - lens.center.y();
            half = std::sqrt(std::max(lens.radius * lens.radius - dy * dy, 0.0));
        }
        const int left = std::max(seen.left(), static_cast<int>(std::ceil(lens.center.x() - half)));
        const int right =
            std::min(seen.right(), static_cast<int>(std::floor(lens.center.x() + half)));
        if (right < left) continue;
        const auto from =
            static_cast<std::ptrdiff_t>(y - all.top()) * all.width() + left - all.left();
        const auto to = static_cast<std::ptrdiff_t>(y) * size.width() + left;
        std::copy_n(through.data() + 4 * from, 4 * (right - left + 1), pixels + 4 * to);
    }
}

}  // namespace

QRect PaneLens::bounds() const {
    return QRectF(center.x() - radius, center.y() - radius, 2 * radius, 2 * radius).toAlignedRect();
}

void composePane(const PanePicture& picture, const QSize& size, bool blueFirst,
                 std::uint8_t* pixels) {
    composeAll(picture.layers, size, blueFirst, pixels);
    if (picture.right) composeRight(picture, size, blueFirst, pixels);
    if (picture.lens) composeLens(*picture.lens, size, blueFirst, pixels);
}

}  // namespace posteria::ui::viewer
