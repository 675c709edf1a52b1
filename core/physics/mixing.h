// Two channels in one image: c_t = (1 - t) c_0 + t c_1, so t is the weight of the second channel;
// seen from the first channel the severity is t, seen from the second 1 - t. Bleedthrough is a
// small t, splitting t near one half.
#pragma once

#include "core/physics/degradation.h"

namespace posteria::physics {

class Mixing final : public Degradation {
  public:
    std::int64_t cleanChannels() const override { return 2; }
    std::int64_t degradedChannels() const override { return 1; }
    at::Tensor apply(const at::Tensor& clean, const at::Tensor& severity) const override;
    at::Tensor adjoint(const at::Tensor& degraded, const at::Tensor& severity) const override;
    // Coefficients: the two channels turned, so that the first is what the mixture shows and the
    // second what it does not.
    at::Tensor analyse(const at::Tensor& clean, double severity) const override;
    at::Tensor synthesise(const at::Tensor& coefficients, double severity) const override;
    at::Tensor project(const at::Tensor& degraded, double severity) const override;
    at::Tensor singularValues(std::int64_t height, std::int64_t width,
                              double severity) const override;
};

}  // namespace posteria::physics
