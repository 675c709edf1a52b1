// How far an image lies from those a model was trained on, before anything is restored. A degraded
// image is told by what no clean truth is needed for: how its power is shared out over frequencies
// (a logarithm for each of 12 octave halves: structure, optics, pixel size and noise), how its
// values lie around their mean (five quantiles: sparse or dense, bright spots or areas), and what
// its structures look like at four scales, each half as fine as the one before: whether they are
// brighter or darker than what is round them (skewness), lines or blots (coherence of gradients),
// few or many (share of the steepest), at which distances they stand (power over octaves of the
// fine detail's strength, a scattering transform's second order: Bruna and Mallat 2013), and
// whether they sit where the next scale's do (correlation). Over the training images these features
// have a mean and a covariance S; the distance of an image is Mahalanobis',
// sqrt((f - mean)^T S^-1 (f - mean) / F).
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "core/package/model_package.h"

namespace posteria::nn {

// Of the power and the values; packages of earlier versions know these alone.
inline constexpr int kPlainInputFeatures = 17;
inline constexpr int kInputFeatures = 48;

// [kInputFeatures] float64, of one image [S, S] on the CPU: its own mean and standard deviation do
// not matter. Images of one size alone compare.
at::Tensor inputFeatures(const at::Tensor& image);
// Mean and precision from features [N, F] and, as the limit, the distance that one in a hundred of
// others, [M, F], goes beyond. Its side is for the caller to fill in. Throws Error{Usage} unless
// N > 2 F.
package::InputStatistics fitInputStatistics(const at::Tensor& features, const at::Tensor& others);
// In which respect the features lie farthest from the mean, in words: "3.1 times the usual power in
// waves of 3 to 4 pixels".
std::string unusualFeature(const at::Tensor& features, const package::InputStatistics& statistics);
// Of the features that the statistics know.
double inputDistance(const at::Tensor& features, const package::InputStatistics& statistics);

}  // namespace posteria::nn
