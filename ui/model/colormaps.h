// Colormaps as 256-entry lookup tables, opaque, entry 0 for the lower contrast limit. Ramps run
// from black to one colour, so that channels add up without hiding each other; inverted ones from
// white. Magma, viridis, inferno, plasma, turbo, twilight, gist_earth, hsv and PiYG are those of
// matplotlib, through control points of its tables (at most 6 of 255 off); fire and ice are those
// of ImageJ. Blue-red is for differences: white in the middle, darker to both ends. HiLo shows
// what lies below the limits blue and above them red, nan what has no value red.
#pragma once

#include <QColor>
#include <QList>
#include <QStringList>
#include <array>
#include <cstdint>

namespace posteria::ui {

using ColorTable = std::array<QRgb, 256>;

// Names in the order menus show them, and the groups these are parted in: one colour, even steps
// of lightness, many colours, two sides of a middle, from white.
const QStringList& colormapNames();
const QList<QStringList>& colormapGroups();
bool isColormap(const QString& name);
// The table of that name; gray for a name that does not exist. The reference stays valid.
const ColorTable& colormap(const QString& name);
// Of pixels without a value (NaN) in the table of that name; transparent in all but one.
QRgb colorOfNothing(const QString& name);
// A ramp from black to 0xRRGGBB.
ColorTable colorRamp(std::uint32_t rgb);
// Of a label, far from those of neighbouring numbers; 0 is transparent.
QRgb labelColor(std::uint64_t label);

}  // namespace posteria::ui
