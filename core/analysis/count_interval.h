// Intervals of a count that hold the truth as often as they say although the samples do not: theirs
// is widened (or narrowed) by what images with a known count ask for. Conformalised quantile
// regression (Romano, Patterson & Candès 2019) on the scale L(v) = log(v + 1), on which a margin
// goes with the count: the score of a known image is how far the truth lies outside the samples'
// own interval [low, high],
//     s = max(L(low) - L(truth), L(truth) - L(high)),    below 0 inside,
// and the margin is the ceil((n + 1) share)-th smallest of n scores. Of a further image, of which
// the known ones are a fair draw, the truth then lies in
//     [exp(L(low) - margin) - 1, exp(L(high) + margin) - 1]
// with a probability of `share` to share + 1 / (n + 1), whatever is wrong with the samples or the
// segmentation; ties add to it. Safe from any thread.
#pragma once

#include <array>
#include <vector>

#include "core/analysis/draws.h"

namespace posteria::analysis {

struct KnownCount {
    double low = 0, high = 0;  // of the samples' own interval
    double truth = 0;
};

// Infinite for fewer than share / (1 - share) known images: they cannot promise as much.
double countMargin(const std::vector<KnownCount>& known, double share = kIntervalShare);

// Low and high end, rounded outwards to whole numbers: {0, infinity} for an infinite margin. A
// negative margin does not let the ends pass each other: both are then between.
std::array<double, 2> countInterval(double low, double high, double margin);

}  // namespace posteria::analysis
