// How far an estimate is from the truth, pixel by pixel. A channel is given as its planes (all T
// and Z), which count as one long image; estimate and truth have equal planes of float32, in equal
// units. Every function throws Error{Usage} for planes that do not match. Safe from any thread.
#pragma once

#include <array>
#include <vector>

#include "core/image/plane.h"

namespace posteria::analysis {

using Planes = std::vector<image::Plane>;

// Smallest and largest value over all planes: what "data range" means here, of the truth.
std::array<double, 2> valueRange(const Planes& planes);

double meanSquaredError(const Planes& estimate, const Planes& truth);
// 20 log10((max truth - min truth) / RMSE), dB; infinite for identical images.
double psnr(const Planes& estimate, const Planes& truth);
// PSNR after the best scale and offset of the estimate (least squares): what Jug-lab papers report.
// It forgives any error of scale or offset, so it never stands alone.
double rangeInvariantPsnr(const Planes& estimate, const Planes& truth);
// RMSE over the root mean square of the truth ("euclidean" in scikit-image).
double nrmse(const Planes& estimate, const Planes& truth);

// PSNR of the mean of the first k samples, for k = 1 … samples.size().
std::vector<double> psnrVsCount(const std::vector<Planes>& samples, const Planes& truth);

// Throws Error{Usage} unless both have the same number of float32 planes of one size, and at least
// one.
void requireMatching(const Planes& a, const Planes& b);

}  // namespace posteria::analysis
