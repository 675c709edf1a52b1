// Lines of equal value through a plane: marching squares (Lorensen & Cline 1987 in two
// dimensions), straight between the places on the grid where the value is met. Points are pixels,
// x to the right and y down, the centre of the first pixel at (0, 0). Safe from any thread.
#pragma once

#include <vector>

#include "core/image/plane.h"
#include "core/posterior/profile.h"

namespace posteria::posterior {

struct Segment {
    Point a, b;
};

// Where the plane passes `level`, in no order; at a saddle the mean of the four corners decides.
// Squares with a NaN corner have no line.
std::vector<Segment> isoLines(const image::Plane& plane, double level);

}  // namespace posteria::posterior
