#include "core/posterior/region_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/posterior/profile.h"

namespace posteria::posterior {

std::vector<RegionFigures> regionFigures(const std::vector<image::StackPtr>& samples,
                                         const image::PlaneIndex& plane,
                                         const std::vector<RegionRow>& region, double threshold) {
    std::vector<RegionFigures> result(samples.size());
    if (samples.empty()) return result;
    const image::Rect all = samples.front()->bounds();
    std::int64_t left = all.width, right = -1, top = all.height, bottom = -1;
    for (const auto& row : region) {
        if (row.y < 0 || row.y >= all.height) continue;
        const auto first = std::max<std::int64_t>(row.first, 0),
                   last = std::min(row.last, all.width - 1);
        if (first > last) continue;
        left = std::min(left, first);
        right = std::max(right, last);
        top = std::min(top, row.y);
        bottom = std::max(bottom, row.y);
    }
    if (right < left || bottom < top) return result;
    const image::Rect box{left, top, right - left + 1, bottom - top + 1};
    for (std::size_t k = 0; k < samples.size(); ++k) {
        const image::Plane pixels = samples[k]->read(plane, 0, box).toFloat();
        const float* p = pixels.as<float>();
        auto& figures = result[k];
        std::int64_t count = 0;
        for (const auto& row : region) {
            if (row.y < top || row.y > bottom) continue;
            const auto first = std::max(row.first, left), last = std::min(row.last, right);
            for (auto x = first; x <= last; ++x) {
                const double value = p[(row.y - top) * box.width + x - left];
                if (std::isnan(value)) continue;
                ++count;
                figures.integrated += value;
                figures.above += value > threshold ? 1 : 0;
            }
        }
        if (count > 0) figures.mean = figures.integrated / static_cast<double>(count);
    }
    return result;
}

Distribution distributionOf(std::vector<double> values) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    if (values.empty()) return {kNone, kNone, kNone, kNone, kNone};
    Distribution d;
    const auto count = static_cast<double>(values.size());
    for (const double v : values)
        d.mean += v / count;
    for (const double v : values)
        d.std += (v - d.mean) * (v - d.mean);
    d.std = values.size() > 1 ? std::sqrt(d.std / (count - 1)) : 0;
    d.q05 = quantile(values, 0.05);
    d.median = quantile(values, 0.5);
    d.q95 = quantile(std::move(values), 0.95);
    return d;
}

}  // namespace posteria::posterior
