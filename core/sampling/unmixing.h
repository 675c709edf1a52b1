// Linear unmixing, pixel by pixel: how much of every structure explains what the channels show.
#pragma once

#include <ATen/core/Tensor.h>

namespace posteria::sampling {

// The x >= 0 of least |y - M x|^2 at every pixel, by coordinate descent on the normal equations
// (Franc, Hlavac, Navara 2005), which converges for any M. y is [N, D, H, W], M [D, C], the result
// [N, C, H, W]. Where several x are as good, the one reached from 0. Throws Error{Usage} for a
// matrix that does not fit the channels or has an empty column.
at::Tensor nonNegativeLeastSquares(const at::Tensor& y, const at::Tensor& matrix);

}  // namespace posteria::sampling
