#include "core/analysis/monotone_curve.h"

#include <algorithm>

namespace posteria::analysis {

namespace {

// Means of runs, such that they rise.
struct Run {
    double sum;
    std::size_t count;
    double mean() const { return sum / static_cast<double>(count); }
};

std::vector<Run> pooled(const std::vector<double>& values) {
    std::vector<Run> runs;
    for (const double value : values) {
        runs.push_back({value, 1});
        while (runs.size() > 1 && runs[runs.size() - 2].mean() >= runs.back().mean()) {
            runs[runs.size() - 2].sum += runs.back().sum;
            runs[runs.size() - 2].count += runs.back().count;
            runs.pop_back();
        }
    }
    return runs;
}

}  // namespace

std::vector<double> isotonic(const std::vector<double>& values) {
    std::vector<double> result;
    for (const Run& run : pooled(values))
        result.insert(result.end(), run.count, run.mean());
    return result;
}

double MonotoneCurve::at(double x) const {
    const auto above = std::lower_bound(from.begin(), from.end(), x);
    if (above == from.begin()) return to.front();
    if (above == from.end()) return to.back();
    const auto i = static_cast<std::size_t>(above - from.begin());
    return to[i - 1] + (to[i] - to[i - 1]) * (x - from[i - 1]) / (from[i] - from[i - 1]);
}

MonotoneCurve debiasingCurve(const std::vector<double>& levels,
                             const std::vector<double>& estimates) {
    MonotoneCurve curve;
    std::size_t first = 0;
    for (const Run& run : pooled(estimates)) {
        double level = 0;
        for (std::size_t i = first; i < first + run.count; ++i)
            level += levels[i] / static_cast<double>(run.count);
        first += run.count;
        curve.from.push_back(run.mean());
        curve.to.push_back(level);
    }
    return curve;
}

}  // namespace posteria::analysis
