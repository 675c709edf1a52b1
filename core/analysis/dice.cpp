#include "core/analysis/dice.h"

#include <algorithm>
#include <array>

namespace posteria::analysis {

double otsuThreshold(const Planes& planes) {
    constexpr std::size_t kBins = 256;
    const auto [low, high] = valueRange(planes);
    if (!(low < high)) return low;
    const double width = (high - low) / kBins;
    std::array<double, kBins> counts{};
    double all = 0, sum = 0;
    for (const auto& plane : planes) {
        const float* p = plane.as<float>();
        for (std::int64_t i = 0; i < plane.size(); ++i) {
            const auto bin = static_cast<std::size_t>((static_cast<double>(p[i]) - low) / width);
            ++counts[std::min(bin, kBins - 1)];
        }
        all += static_cast<double>(plane.size());
    }
    const auto middle = [=](std::size_t bin) {
        return low + (static_cast<double>(bin) + 0.5) * width;
    };
    for (std::size_t b = 0; b < kBins; ++b)
        sum += counts[b] * middle(b);
    double below = 0, sumBelow = 0, most = -1, threshold = low;
    for (std::size_t b = 0; b + 1 < kBins; ++b) {
        below += counts[b];
        sumBelow += counts[b] * middle(b);
        const double above = all - below;
        const double apart = sumBelow / below - (sum - sumBelow) / above;
        const double between = below * above * apart * apart;
        if (between > most) {
            most = between;
            threshold = middle(b);
        }
    }
    return threshold;
}

double dice(const Planes& estimate, const Planes& truth) {
    requireMatching(estimate, truth);
    const double ofEstimate = otsuThreshold(estimate), ofTruth = otsuThreshold(truth);
    std::int64_t either = 0, both = 0;
    for (std::size_t k = 0; k < truth.size(); ++k) {
        const auto *e = estimate[k].as<float>(), *t = truth[k].as<float>();
        for (std::int64_t i = 0; i < truth[k].size(); ++i) {
            const bool inEstimate = static_cast<double>(e[i]) > ofEstimate,
                       inTruth = static_cast<double>(t[i]) > ofTruth;
            either += inEstimate + inTruth;
            both += inEstimate && inTruth;
        }
    }
    return either == 0 ? 1 : 2 * static_cast<double>(both) / static_cast<double>(either);
}

}  // namespace posteria::analysis
