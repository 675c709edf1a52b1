// What can be told of a recorded plane without knowing what it shows: how bright, how noisy, how
// saturated it is. Any thread.
#pragma once

#include "core/image/plane.h"

namespace posteria::analysis {

// What a camera adds, in grey values: a dark pixel's mean, its variance, and the variance that
// every grey value above that mean adds: variance(g) = variance + gain (g - offset).
struct CameraNoise {
    double offset = 0, variance = 0, gain = 0;
};

struct InputFacts {
    double bright = 0;  // the 99.9th percentile above the offset, grey values
    // How many times as strong as that camera's the noise is: the median of second differences
    // (after Immerkaer 1996), each over what the camera would make it. Structure as fine as a pixel
    // counts as noise. NaN below 3 x 3 pixels and where the camera is not known (variance 0).
    double noiseRatio = 0;
    // Standard deviation of means of 5 x 5 pixels over what the noise alone would make it: 1 where
    // there is nothing else. NaN as above.
    double contrast = 0;
    double saturated = 0;  // share of pixels at a limit at which values pile up
};

InputFacts inputFacts(const image::Plane& plane, const CameraNoise& camera);

// Share of the pixels that lie at the largest value, where more do than at the values next to it:
// at the pixel type's limit or one of the camera's own. 0 for float pixels.
double saturatedShare(const image::Plane& plane);

}  // namespace posteria::analysis
