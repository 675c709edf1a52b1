// A blur of one channel by a point spread function, with a periodic boundary: y = F^-1 T_t F x with
// T_t = (1 - t) + t T and T the function's transfer function. Coefficients are those of Hartley's
// transform, the real and symmetric relative of Fourier's, where the blur's size |T_t| is diagonal;
// its phase is part of U. Leave a margin as wide as the function and crop.
#pragma once

#include "core/physics/degradation.h"

namespace posteria::physics {

class Blur final : public Degradation {
  public:
    // [side, side] with its centre at (side / 2, side / 2), as psfAt gives it. Throws Error{Usage}
    // for another shape.
    explicit Blur(const at::Tensor& psf);

    std::int64_t cleanChannels() const override { return 1; }
    std::int64_t degradedChannels() const override { return 1; }
    at::Tensor apply(const at::Tensor& clean, const at::Tensor& severity) const override;
    at::Tensor adjoint(const at::Tensor& degraded, const at::Tensor& severity) const override;
    at::Tensor analyse(const at::Tensor& clean, double severity) const override;
    at::Tensor synthesise(const at::Tensor& coefficients, double severity) const override;
    at::Tensor project(const at::Tensor& degraded, double severity) const override;
    at::Tensor singularValues(std::int64_t height, std::int64_t width,
                              double severity) const override;

  private:
    at::Tensor transfer(std::int64_t height, std::int64_t width) const;  // complex, T

    at::Tensor m_psf;
};

}  // namespace posteria::physics
