// Nothing but the camera's noise: the degradation of denoising.
#pragma once

#include "core/physics/degradation.h"

namespace posteria::physics {

class Identity final : public Degradation {
  public:
    explicit Identity(std::int64_t channels = 1) : m_channels(channels) {}

    std::int64_t cleanChannels() const override { return m_channels; }
    std::int64_t degradedChannels() const override { return m_channels; }
    at::Tensor apply(const at::Tensor& clean, const at::Tensor& severity) const override;
    at::Tensor adjoint(const at::Tensor& degraded, const at::Tensor& severity) const override;
    at::Tensor analyse(const at::Tensor& clean, double severity) const override;
    at::Tensor synthesise(const at::Tensor& coefficients, double severity) const override;
    at::Tensor project(const at::Tensor& degraded, double severity) const override;
    at::Tensor singularValues(std::int64_t height, std::int64_t width,
                              double severity) const override;

  private:
    std::int64_t m_channels;
};

}  // namespace posteria::physics
