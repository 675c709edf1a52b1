// Light of every structure in every detection channel, pixel by pixel: y = M_t x with
// M_t = (1 - t) I + t M. M's row is the channel that detects, its column the structure that shines;
// the diagonal near 1 and 0.02 to 0.4 beside it are usual. Splitting two structures from one
// channel is the matrix of one row (1 - t, t): mixing.h.
#pragma once

#include <vector>

#include "core/physics/degradation.h"

namespace posteria::physics {

class Bleedthrough final : public Degradation {
  public:
    // M row by row. Throws Error{Usage} unless it is square and finite.
    explicit Bleedthrough(const std::vector<std::vector<double>>& matrix);

    std::int64_t cleanChannels() const override { return m_matrix.size(0); }
    std::int64_t degradedChannels() const override { return m_matrix.size(0); }
    at::Tensor apply(const at::Tensor& clean, const at::Tensor& severity) const override;
    at::Tensor adjoint(const at::Tensor& degraded, const at::Tensor& severity) const override;
    at::Tensor analyse(const at::Tensor& clean, double severity) const override;
    at::Tensor synthesise(const at::Tensor& coefficients, double severity) const override;
    at::Tensor project(const at::Tensor& degraded, double severity) const override;
    at::Tensor singularValues(std::int64_t height, std::int64_t width,
                              double severity) const override;

  private:
    at::Tensor atSeverity(double severity) const;

    at::Tensor m_matrix;  // [C, C], double
};

}  // namespace posteria::physics
