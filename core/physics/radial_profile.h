// A function of the distance from the axis, sampled at the radii 0, step, 2 step, ..., and what is
// made of it: values between the samples (four-point Lagrange, even about the axis), integrals over
// square pixels, and the convolution with a pinhole. Lengths micrometres, float64 on the CPU. Pure
// functions: any thread. The step must be well below the finest detail: the diffraction tables take
// a 24th of the resolution limit lambda / 2 NA.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace posteria::physics {

struct RadialProfile {
    double stepUm = 0;
    at::Tensor values;  // [count]

    // Samples that values within `radius` need.
    static std::int64_t countFor(double radiusUm, double stepUm);
};

// Values at any radii up to the profile's end, in the shape of `radii`.
at::Tensor valuesAt(const RadialProfile& profile, const at::Tensor& radiiUm);

// [side, side]: the integral over each pixel of a plane whose axis passes through the middle of
// pixel (side / 2, side / 2).
at::Tensor pixelIntegrals(const RadialProfile& profile, std::int64_t side, double pixelUm);

// Integral over a disc of radius `discUm` whose centre is that far from the axis: what passes a
// pinhole. [count] at the steps of the profile, which must reach discUm further than that.
RadialProfile throughDisc(const RadialProfile& profile, double discUm, std::int64_t count);

}  // namespace posteria::physics
