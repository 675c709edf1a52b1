// Non-decreasing functions fitted to measurements: what debiases an estimate without ever turning
// its order around. Pure functions: any thread.
#pragma once

#include <vector>

namespace posteria::analysis {

// The non-decreasing values nearest to the given ones in the least-squares sense, by pooling
// adjacent violators (Ayer et al. 1955).
std::vector<double> isotonic(const std::vector<double>& values);

// Points with rising `from` and non-decreasing `to`, straight lines between them; beyond the ends
// the first and the last value.
struct MonotoneCurve {
    std::vector<double> from, to;
    double at(double x) const;
};

// The curve that takes a biased estimate back to the truth: levels[i] > levels[i - 1] are the true
// values, estimates[i] what was estimated there. Levels that the estimate cannot tell apart become
// one point, their mean.
MonotoneCurve debiasingCurve(const std::vector<double>& levels,
                             const std::vector<double>& estimates);

}  // namespace posteria::analysis
