#include "core/analysis/draws.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace posteria::analysis {

namespace {

// Position of the interval's lower end among n sorted draws, from 1.
int lowRank(int n, double share) {
    const double position = 0.5 * (1 - share) * (n + 1);
    return std::max(1, static_cast<int>(std::floor(position + 1e-9)));
}

}  // namespace

Draws summarise(std::vector<double> values, double share) {
    values.erase(
        std::remove_if(values.begin(), values.end(), [](double v) { return std::isnan(v); }),
        values.end());
    if (values.empty()) {
        constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
        return {kNone, kNone, kNone, kNone, kNone};
    }
    std::sort(values.begin(), values.end());
    const auto n = values.size();
    Draws draws;
    draws.mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(n);
    double squares = 0;
    for (const double value : values)
        squares += (value - draws.mean) * (value - draws.mean);
    if (n > 1) draws.std = std::sqrt(squares / static_cast<double>(n - 1));
    draws.median = 0.5 * (values[(n - 1) / 2] + values[n / 2]);
    const auto rank = static_cast<std::size_t>(lowRank(static_cast<int>(n), share));
    draws.low = values[rank - 1];
    draws.high = values[n - rank];
    return draws;
}

double promisedShare(int draws, double share) {
    if (draws < 1) return 0;
    return static_cast<double>(draws + 1 - 2 * lowRank(draws, share)) / (draws + 1);
}

}  // namespace posteria::analysis
