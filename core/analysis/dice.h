// How far two images agree on what is signal: Dice's coefficient of their masks, each of the pixels
// above its own image's Otsu threshold, so that errors of scale and offset are forgiven. A channel
// is given as its float32 planes (all T and Z), which count as one long image. Safe from any
// thread.
#pragma once

#include "core/analysis/metrics.h"

namespace posteria::analysis {

// 2 |A and B| / (|A| + |B|), 0 … 1; 1 where neither image has signal. Throws Error{Usage} for
// planes that do not match.
double dice(const Planes& estimate, const Planes& truth);

}  // namespace posteria::analysis
