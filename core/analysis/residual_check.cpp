#include "core/analysis/residual_check.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/analysis/power_spectrum.h"

namespace posteria::analysis {

namespace {

constexpr std::int64_t kSmallestSide = 32;

// Light and squared fine detail of every 2 x 2 pixels: the mixed difference of white noise has its
// variance.
std::vector<std::pair<double, double>> fineDetail(const Planes& residual, const Planes& degraded) {
    std::vector<std::pair<double, double>> detail;
    for (std::size_t i = 0; i < residual.size(); ++i) {
        const auto width = residual[i].width(), height = residual[i].height();
        const auto* r = residual[i].as<float>();
        const auto* d = degraded[i].as<float>();
        for (std::int64_t y = 0; y + 1 < height; y += 2) {
            for (std::int64_t x = 0; x + 1 < width; x += 2) {
                const auto k = y * width + x, below = k + width;
                const double fine = 0.5 * (r[k] - r[k + 1] - r[below] + r[below + 1]);
                const double light = 0.25 * (d[k] + d[k + 1] + d[below] + d[below + 1]);
                if (std::isfinite(fine)) detail.emplace_back(light, fine * fine);
            }
        }
    }
    return detail;
}

// v = a + b light through the means of groups of equal size, each weighed by the inverse of its
// variance, which goes with v squared; neither is below 0.
void fitVariance(std::vector<std::pair<double, double>> detail, ResidualCheck& check) {
    constexpr std::size_t kGroups = 24;
    std::sort(detail.begin(), detail.end());
    std::vector<std::array<double, 2>> groups;  // light, variance
    for (std::size_t g = 0; g < kGroups; ++g) {
        const auto from = g * detail.size() / kGroups, to = (g + 1) * detail.size() / kGroups;
        std::array<double, 2> sum{0, 0};
        for (auto i = from; i < to; ++i)
            sum[0] += detail[i].first, sum[1] += detail[i].second;
        const auto count = static_cast<double>(std::max<std::size_t>(1, to - from));
        groups.push_back({sum[0] / count, sum[1] / count});
    }
    double w = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (const auto& [light, variance] : groups) {
        const double weight = 1 / std::max(variance * variance, 1e-30);
        w += weight, x += weight * light, y += weight * variance;
        xx += weight * light * light, xy += weight * light * variance;
    }
    const double spread = w * xx - x * x;
    check.slope = spread > 0 ? std::max(0.0, (w * xy - x * y) / spread) : 0;
    check.constant = (y - check.slope * x) / w;
    // Less than nothing in the dark: what there is comes from the light.
    if (check.constant < 0) check.constant = 0, check.slope = xx > 0 ? xy / xx : 0;
}

Planes whitened(const Planes& residual, const Planes& degraded, const ResidualCheck& check,
                double floor) {
    Planes result;
    for (std::size_t i = 0; i < residual.size(); ++i) {
        void* memory = nullptr;
        result.push_back(image::Plane::allocate(image::PixelType::Float32, residual[i].width(),
                                                residual[i].height(), &memory));
        auto* out = static_cast<float*>(memory);
        const auto* r = residual[i].as<float>();
        const auto* d = degraded[i].as<float>();
        for (std::int64_t k = 0; k < residual[i].size(); ++k) {
            const double variance = std::max(floor, check.constant + check.slope * d[k]);
            out[k] = static_cast<float>(r[k] / std::sqrt(variance));
        }
    }
    return result;
}

}  // namespace

ResidualCheck checkResidual(const Planes& residual, const Planes& degraded) {
    requireMatching(residual, degraded);
    ResidualCheck check;
    check.structure = std::numeric_limits<double>::quiet_NaN();
    const auto detail = fineDetail(residual, degraded);
    double mean = 0;
    for (const auto& [light, square] : detail)
        mean += square / static_cast<double>(detail.size());
    if (std::min(residual[0].width(), residual[0].height()) < kSmallestSide || !(mean > 0))
        return check;
    fitVariance(detail, check);
    const auto spectrum = radialPowerSpectrum(whitened(residual, degraded, check, 1e-2 * mean));
    double longWaves = 0, shortWaves = 0;
    int longCount = 0, shortCount = 0;
    for (std::size_t band = 0; band < spectrum.power.size(); ++band) {
        if (spectrum.frequency[band] < 1.0 / 8) longWaves += spectrum.power[band], ++longCount;
        if (spectrum.frequency[band] > 1.0 / 4) shortWaves += spectrum.power[band], ++shortCount;
    }
    if (shortWaves > 0) check.structure = longWaves / longCount / (shortWaves / shortCount);
    return check;
}

}  // namespace posteria::analysis
