// Does a tiled result show where its tiles met? Gradients across the tile borders are held against
// gradients across the tile centres, in pairs of short segments on the same rows (columns).
// Swapping a pair changes nothing when borders are like centres, which gives a permutation test
// (sign flips). Seams are coordinates as image::TileGrid's verticalSeams() and horizontalSeams()
// give them.
#pragma once

#include <cstdint>
#include <vector>

#include "core/image/plane.h"

namespace posteria::analysis {

struct SeamScore {
    double ratio = 1;   // geometric mean of border gradient over centre gradient; 1: no seam
    double pValue = 1;  // one-sided: how often chance gives such a ratio or a larger one
    int pairs = 0;      // 0: the image has no seam to test
};

// The plane is float32. The same seed gives the same p-value.
SeamScore seamScore(const image::Plane& plane, const std::vector<std::int64_t>& verticalSeams,
                    const std::vector<std::int64_t>& horizontalSeams, int permutations = 999,
                    std::uint32_t seed = 1);

}  // namespace posteria::analysis
