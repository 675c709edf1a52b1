#include "ui/model/suppressing_palette.h"

#include <algorithm>
#include <cmath>

#include "ui/model/colormaps.h"

namespace posteria::ui {

namespace {

constexpr double kGray = 150;
constexpr double kDrawn[SuppressingPalette::kLevels] = {0, 0.35, 0.65, 1};  // towards gray

int part(double share, int parts) {
    return std::clamp(static_cast<int>(share * parts), 0, parts - 1);
}

}  // namespace

int SuppressingPalette::levelOf(double doubt) {
    return part(doubt, kLevels);
}

QRgb SuppressingPalette::field(int level, int step) {
    const double middle = (step + 0.5) / stepsAt(level);
    // The ends of the colormap are reached by the outermost of the finest steps.
    const double stretched = (middle - 0.5 / kSteps) / (1 - 1.0 / kSteps);
    const QRgb full =
        colormap(QStringLiteral("viridis"))[static_cast<std::size_t>(std::lround(255 * stretched))];
    const double drawn = kDrawn[level];
    const auto mix = [&](int component) {
        return static_cast<int>(std::lround(component + drawn * (kGray - component)));
    };
    return qRgb(mix(qRed(full)), mix(qGreen(full)), mix(qBlue(full)));
}

QRgb SuppressingPalette::color(double value, double doubt) {
    const int level = levelOf(doubt);
    return field(level, part(value, stepsAt(level)));
}

}  // namespace posteria::ui
