// Intervals mean ± f s that hold the truth as often as they say. A posterior's errors are no normal
// distribution: factors of 1 and 1.64 hold more or less than 68 and 90 %, even where s is as large
// as the errors. The factor is therefore counted on images whose truth is known; every plane is
// one image, all of one size.
#pragma once

#include "core/analysis/metrics.h"

namespace posteria::analysis {

// The share of all pixels whose truth lies within mean ± factor * std.
double coverage(const Planes& mean, const Planes& std, const Planes& truth, double factor);

// The least factor whose coverage is `share`, 0 … 1. Infinite where that takes pixels whose std is
// 0 though they err.
double intervalFactor(const Planes& mean, const Planes& std, const Planes& truth, double share);

// The least factor with which at least `share` of a further image's pixels will lie in the
// interval, on the average over images of which these n are a fair draw, whatever the errors'
// distribution: conformal risk control (Angelopoulos et al. 2022) of the share m that is missed,
//     (n m + 1) / (n + 1) <= 1 - share.
// Infinite for fewer than share / (1 - share) images: they cannot promise as much.
double conformalFactor(const Planes& mean, const Planes& std, const Planes& truth, double share);

}  // namespace posteria::analysis
