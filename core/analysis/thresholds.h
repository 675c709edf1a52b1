// Thresholds that part signal from background by the grey values alone, whatever their order.
// Planes are float32 and count as one long image; pixels must be finite. Signal lies above the
// threshold that comes back; of equal values it is that value, so that nothing is signal. Safe from
// any thread.
#pragma once

#include "core/analysis/metrics.h"

namespace posteria::analysis {

// The threshold that parts the values into the two classes farthest apart (Otsu 1979), over 256
// bins from the smallest to the largest: the middle of the lower class's last bin.
double otsuThreshold(const Planes& planes);

// The threshold t that is its own minimum cross entropy (Li & Lee 1993), found by the iteration of
// Li & Tam 1998 on values v less their smallest,
//     t = (m_below - m_above) / (log m_below - log m_above),
// m the mean of the values up to and above t. It starts at the mean and ends when it moves by less
// than 1e-6 of the range.
double liThreshold(const Planes& planes);

// The value whose histogram bin lies deepest below the line from the highest bin to the farther
// end of the 256 bins (Zack, Rogers & Latt 1977): the middle of that bin. For little signal on a
// broad background.
double triangleThreshold(const Planes& planes);

}  // namespace posteria::analysis
