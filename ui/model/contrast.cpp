#include "ui/model/contrast.h"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <vector>

namespace posteria::ui {

namespace {

constexpr std::int64_t kMaxSampled = 1 << 17;  // two milliseconds; 200 of them in each tail

// Evenly spread finite values. Whole rows are not skipped and the step is odd, so that sampled
// columns differ from row to row.
template <class T>
std::vector<T> sampled(const T* pixels, std::int64_t count) {
    const std::int64_t step = ((count + kMaxSampled - 1) / kMaxSampled) | 1;
    std::vector<T> values;
    values.reserve(static_cast<std::size_t>(count / step + 1));
    for (std::int64_t i = 0; i < count; i += step) {
        if constexpr (std::is_floating_point_v<T>) {
            if (!std::isfinite(pixels[i])) continue;
        }
        values.push_back(pixels[i]);
    }
    return values;
}

// Equal ends would divide by zero on the way to a colour.
Limits widened(double low, double high) {
    if (low < high) return {low, high};
    const double room = std::max(std::abs(low) * 1e-6, 1e-12);
    return low == std::floor(low) ? Limits{low, low + 1} : Limits{low, low + room};
}

}  // namespace

std::optional<Limits> autoLimits(const image::Plane& plane, double saturation) {
    return image::visit(plane, [&](const auto* pixels) -> std::optional<Limits> {
        auto values = sampled(pixels, plane.size());
        if (values.empty()) return std::nullopt;
        const auto cut = static_cast<std::ptrdiff_t>(values.size() * saturation / 2);
        const auto low = values.begin() + cut;
        std::nth_element(values.begin(), low, values.end());
        const auto high = values.end() - 1 - cut;
        if (high > low) std::nth_element(low + 1, high, values.end());
        return widened(static_cast<double>(*low), static_cast<double>(*std::max(low, high)));
    });
}

std::optional<Limits> startLimits(const image::Plane& plane) {
    if (plane.type() == image::PixelType::UInt8 && !plane.empty()) return Limits{0, 255};
    return autoLimits(plane);
}

Limits fullLimits(const image::Plane& plane) {
    const auto [low, high] = image::finiteRange(plane);
    return widened(low, high);
}

}  // namespace posteria::ui
