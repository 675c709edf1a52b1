// What the samples of a posterior say of every pixel, beside their standard deviation: maps that
// are computed where they are looked at. Stacks have axes T C Z Y X; the samples of a posterior
// have one shape and float32 pixels. The maps keep the samples alive and are safe to read from any
// thread. All of them are of the samples as drawn: a calibration fits the standard deviation alone.
#pragma once

#include <vector>

#include "core/image/stack.h"

namespace posteria::posterior {

// std / mean; NaN where the mean is below one percent of its plane's largest value, where a ratio
// says nothing.
image::StackPtr relativeDeviation(image::StackPtr std, image::StackPtr mean);

// The quantile (0 … 1) of the samples at every pixel, by linear interpolation between them (type 7
// of Hyndman & Fan 1996). Throws Error{Usage} without samples.
image::StackPtr quantileMap(std::vector<image::StackPtr> samples, double quantile);

// Quantiles of a part of a plane, one plane each, of every stride-th pixel of every stride-th row
// from the part's first. Throws Error{Usage} without samples.
std::vector<image::Plane> quantilePlanes(const std::vector<image::StackPtr>& samples,
                                         const image::PlaneIndex& plane, const image::Rect& rect,
                                         int stride, const std::vector<double>& quantiles);

// Quantile `high` less quantile `low`: with 0.05 and 0.95 the width of the central 90 % interval.
image::StackPtr intervalWidth(std::vector<image::StackPtr> samples, double low, double high);

// P(x > threshold) as the share of the samples above it, 0 … 1. A threshold for every channel, in
// the samples' grey values. Throws Error{Usage} where their number is another.
image::StackPtr exceedance(std::vector<image::StackPtr> samples, std::vector<double> thresholds);

}  // namespace posteria::posterior
