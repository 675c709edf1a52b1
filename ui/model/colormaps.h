// Colormaps as 256-entry lookup tables, opaque, entry 0 for the lower contrast limit. Ramps run
// from black to one colour, so that channels add up without hiding each other; magma, viridis and
// inferno are perceptually uniform (cubic interpolation of nine control points of the published CC0
// tables). Blue-red is for differences: white in the middle, darker to both ends.
#pragma once

#include <QColor>
#include <QStringList>
#include <array>
#include <cstdint>

namespace posteria::ui {

using ColorTable = std::array<QRgb, 256>;

// Names in the order menus show them: gray, red, green, blue, cyan, magenta, yellow, viridis, …
const QStringList& colormapNames();
bool isColormap(const QString& name);
// The table of that name; gray for a name that does not exist. The reference stays valid.
const ColorTable& colormap(const QString& name);
// A ramp from black to 0xRRGGBB.
ColorTable colorRamp(std::uint32_t rgb);
// Of a label, far from those of neighbouring numbers; 0 is transparent.
QRgb labelColor(std::uint64_t label);

}  // namespace posteria::ui
