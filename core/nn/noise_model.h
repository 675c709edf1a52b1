// How a camera scatters the values of a clean image: independent from pixel to pixel, normal, and
// the wider the brighter (photon noise with read noise, Foi et al. 2008):
//     y ~ N(s, var(s)),   var(s) = variance + gain * max(s - offset, 0).
// Everything is in normalised units (model.h). A camera with read noise of r grey values, g grey
// values a photoelectron and the dark level k has, for a plane of mean m and standard deviation d,
//     variance = (r / d)^2,   gain = g / d,   offset = (k - m) / d.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace posteria::nn {

struct NoiseModel {
    double variance = 1;  // of a dark pixel, > 0
    double gain = 0;      // variance gained with each unit of brightness, >= 0
    double offset = 0;    // brightness of a dark pixel
};

// One row {variance, gain, offset} an image, [N, 3]; of a single model for all images, [1, 3].
at::Tensor noiseModels(const std::vector<NoiseModel>& models);

// var(s) of every pixel, in the shape of `clean`, whose images have the models of these rows.
// Throws Error{Model} for a model that is no noise.
at::Tensor noiseVariance(const at::Tensor& clean, const at::Tensor& models);
at::Tensor noiseVariance(const at::Tensor& clean, const NoiseModel& model);
// -log p(y | s) in nats, averaged over all values of the batch (images, channels and pixels): a
// tensor without axes. y and clean have the same shape; gradients go to clean, also through var(s).
at::Tensor negativeLogLikelihood(const at::Tensor& y, const at::Tensor& clean,
                                 const at::Tensor& models);
at::Tensor negativeLogLikelihood(const at::Tensor& y, const at::Tensor& clean,
                                 const NoiseModel& model);

}  // namespace posteria::nn
