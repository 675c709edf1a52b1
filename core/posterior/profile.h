// What the samples of a posterior say at a point or along a line. Points are pixels, x to the right
// and y down, the centre of the first pixel at (0, 0). Safe from any thread.
#pragma once

#include <vector>

#include "core/image/stack.h"

namespace posteria::posterior {

struct Point {
    double x = 0, y = 0;
};

// From a to b in equal steps of at most one pixel, both ends among them; one point where a is b.
std::vector<Point> pointsBetween(const Point& a, const Point& b);

// The plane's values there, bilinear between pixel centres; NaN beyond the outermost centres by
// more than half a pixel. Reads no more than lies near the points.
std::vector<double> valuesAt(const image::Stack& stack, const image::PlaneIndex& plane,
                             const std::vector<Point>& points);

// The quantile (0 … 1) of values by linear interpolation between them (type 7 of Hyndman & Fan
// 1996); NaN where there are none.
double quantile(std::vector<double> values, double q);

// Of samples[k][i], sample k at point i: at every point the median and the central half and nine
// tenths of the samples. NaN where one of the samples is.
struct Bands {
    std::vector<double> q05, q25, median, q75, q95;
};
Bands bandsOf(const std::vector<std::vector<double>>& samples);

}  // namespace posteria::posterior
