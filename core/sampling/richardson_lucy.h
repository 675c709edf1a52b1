// Deconvolution as it was done before networks, to compare with.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

#include "core/physics/degradation.h"

namespace posteria::sampling {

struct RichardsonLucyOptions {
    int iterations = 50;
    double severity = 1;    // of the degradation
    double background = 0;  // light that no structure sends, same units as y; >= 0
};

// The maximum of the likelihood of Poisson counts y = D x + b, approached from a flat image
// (Richardson 1972, Lucy 1974):
//     x <- x D^T(y / (D x + b)) / D^T 1
// It stays non-negative. The first iterations sharpen, later ones fit the noise: `visit` sees x
// after each, counted from 1, and stops it by answering false; without it all iterations run. y is
// [N, D, H, W], grey values above the camera's offset, what lies below 0 counts as 0; the result is
// [N, C, H, W]. Throws Error{Usage} for iterations < 1 or a background < 0.
at::Tensor richardsonLucy(const at::Tensor& y, const physics::Degradation& degradation,
                          const RichardsonLucyOptions& options,
                          const std::function<bool(int iteration, const at::Tensor& x)>& visit);

}  // namespace posteria::sampling
