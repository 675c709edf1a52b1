// Contrast limits from pixels. Automatic limits saturate 0.35 % of the pixels, half of it at each
// end, so that a few hot pixels or dead columns do not darken the image; NaN (not drawn yet) and
// infinite pixels are ignored. Planes of more than 131072 pixels are sampled evenly.
#pragma once

#include <optional>

#include "core/image/plane.h"

namespace posteria::ui {

struct Limits {
    double low = 0, high = 1;

    bool operator==(const Limits& o) const { return low == o.low && high == o.high; }
};

constexpr double kSaturation = 0.0035;

// None when the plane has no finite pixel. low < high always.
std::optional<Limits> autoLimits(const image::Plane& plane, double saturation = kSaturation);
// What a layer starts with: 0–255 for uint8, automatic limits otherwise.
std::optional<Limits> startLimits(const image::Plane& plane);
// Smallest and largest value, widened where they are equal.
Limits fullLimits(const image::Plane& plane);

}  // namespace posteria::ui
