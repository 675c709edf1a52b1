// The linear filter of least mean square error for y = D x + n, D a blur and n white: where x is a
// stationary field of power S and s the blur's size at a frequency,
//     x = s S / (s^2 S + v) y     (Wiener 1949),
// v the noise's variance, the phase of D undone. Images are [N, 1, H, W] with a periodic boundary:
// leave a margin and crop. Powers are of orthonormal coefficients (white noise of variance v has
// power v everywhere), in the shape of the image, averaged over directions.
#pragma once

#include <ATen/core/Tensor.h>

#include "core/physics/degradation.h"

namespace posteria::sampling {

// `blur` is a physics::Blur: its coefficients are frequencies. Singular values below 0.03 count as
// 0: nothing is restored there.
at::Tensor wiener(const at::Tensor& y, const physics::Degradation& blur, double severity,
                  double noiseVariance, const at::Tensor& signalPower);

// Power of a clean image.
at::Tensor powerOf(const at::Tensor& x, const physics::Degradation& blur, double severity);
// Power of the clean image behind y: what y's own has above the noise, over s^2; 0 where that is no
// more than noise has by chance, two standard errors.
at::Tensor estimatedPower(const at::Tensor& y, const physics::Degradation& blur, double severity,
                          double noiseVariance);

}  // namespace posteria::sampling
