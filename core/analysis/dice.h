// How far two images agree on what is signal: Dice's coefficient of their masks, each of the pixels
// above its own image's Otsu threshold, so that errors of scale and offset are forgiven. A channel
// is given as its float32 planes (all T and Z), which count as one long image. Safe from any
// thread.
#pragma once

#include "core/analysis/metrics.h"

namespace posteria::analysis {

// The threshold that parts the values into the two classes farthest apart (Otsu 1979), over 256
// bins from the smallest to the largest: the middle of the lower class's last bin. Signal lies
// above it. Of equal values: that value. Pixels must be finite.
double otsuThreshold(const Planes& planes);

// 2 |A and B| / (|A| + |B|), 0 … 1; 1 where neither image has signal. Throws Error{Usage} for
// planes that do not match.
double dice(const Planes& estimate, const Planes& truth);

}  // namespace posteria::analysis
