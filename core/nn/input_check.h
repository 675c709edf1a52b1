// How far an image lies from those a model was trained on, before anything is restored. A degraded
// image is told by what no clean truth is needed for: how its power is shared out over frequencies
// (a logarithm for each of 12 octave halves: structure, optics, pixel size and noise) and how its
// values lie around their mean (five quantiles: sparse or dense, bright spots or areas). Over the
// training images these features have a mean and a covariance S; the distance of an image is
// Mahalanobis', sqrt((f - mean)^T S^-1 (f - mean) / F).
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "core/package/model_package.h"

namespace posteria::nn {

// [F] float64, F = package::kInputFeatures, of one image [S, S] on the CPU: its own mean and
// standard deviation do not matter. Images of one size alone compare.
at::Tensor inputFeatures(const at::Tensor& image);
// Mean and precision from features [N, F] and, as the limit, the distance that one in a hundred of
// others, [M, F], goes beyond. Its side is for the caller to fill in. Throws Error{Usage} unless
// N > 2 F.
package::InputStatistics fitInputStatistics(const at::Tensor& features, const at::Tensor& others);
// In which respect the features lie farthest from the mean, in words: "3.1 times the usual power in
// waves of 3 to 4 pixels".
std::string unusualFeature(const at::Tensor& features, const package::InputStatistics& statistics);
double inputDistance(const at::Tensor& features, const package::InputStatistics& statistics);

}  // namespace posteria::nn
