// What the samples of a posterior say of a region of a plane: each figure is measured in every
// sample, so that its spread over them is the doubt about it. Pixels are x to the right and y down;
// samples are float32 in grey values above the camera offset. Safe from any thread.
#pragma once

#include <vector>

#include "core/image/stack.h"

namespace posteria::posterior {

// Pixels [first, last] of a row.
struct RegionRow {
    std::int64_t y = 0, first = 0, last = -1;
};

// Of one sample.
struct RegionFigures {
    double mean = 0;        // grey values
    double integrated = 0;  // their sum
    double above = 0;       // pixels brighter than the threshold
};

// One a sample. Rows, or parts of them, outside the plane count for nothing; pixels without a value
// (NaN) neither. Reads the region's bounding box only.
std::vector<RegionFigures> regionFigures(const std::vector<image::StackPtr>& samples,
                                         const image::PlaneIndex& plane,
                                         const std::vector<RegionRow>& region, double threshold);

// Of values: their mean, unbiased standard deviation and the quantiles 5, 50 and 95 % (type 7 of
// Hyndman & Fan 1996). NaN without values.
struct Distribution {
    double mean = 0, std = 0, q05 = 0, median = 0, q95 = 0;
};
Distribution distributionOf(std::vector<double> values);

}  // namespace posteria::posterior
