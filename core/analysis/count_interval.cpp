#include "core/analysis/count_interval.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace posteria::analysis {

double countMargin(const std::vector<KnownCount>& known, double share) {
    const auto n = static_cast<double>(known.size());
    const double rank = std::ceil((n + 1) * share - 1e-9);
    if (rank > n || rank < 1) return std::numeric_limits<double>::infinity();
    std::vector<double> scores;
    for (const auto& image : known) {
        const double truth = std::log1p(image.truth);
        scores.push_back(std::max(std::log1p(image.low) - truth, truth - std::log1p(image.high)));
    }
    const auto at = scores.begin() + static_cast<std::ptrdiff_t>(rank) - 1;
    std::nth_element(scores.begin(), at, scores.end());
    return *at;
}

std::array<double, 2> countInterval(double low, double high, double margin) {
    if (std::isinf(margin)) return {0, margin};
    const double a = std::log1p(low) - margin, b = std::log1p(high) + margin;
    const double from = std::min(a, 0.5 * (a + b)), to = std::max(b, 0.5 * (a + b));
    return {std::max(0.0, std::floor(std::expm1(from) + 1e-9)), std::ceil(std::expm1(to) - 1e-9)};
}

}  // namespace posteria::analysis
