// Frequencies of a two-dimensional discrete Fourier transform.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace posteria::tensor {

// Radial frequency of every coefficient of a square image's transform, cycles per pixel: [S, S],
// double, in the transform's order.
at::Tensor radialFrequency(std::int64_t side);

}  // namespace posteria::tensor
