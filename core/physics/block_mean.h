// One channel whose squares of r x r pixels fade into their mean: y = (1 - t) x + t mean(x), as
// binning loses detail. It keeps the image's size, which r must divide. Symmetric; its singular
// values are 1 for the means and 1 - t for the rest.
#pragma once

#include "core/physics/degradation.h"

namespace posteria::physics {

class BlockMean final : public Degradation {
  public:
    // Throws Error{Usage} for r < 1.
    explicit BlockMean(std::int64_t block);

    std::int64_t cleanChannels() const override { return 1; }
    std::int64_t degradedChannels() const override { return 1; }
    at::Tensor apply(const at::Tensor& clean, const at::Tensor& severity) const override;
    at::Tensor adjoint(const at::Tensor& degraded, const at::Tensor& severity) const override;
    // Coefficients are [N, 1, H, W]: every square holds its own r * r of them, the mean's first.
    at::Tensor analyse(const at::Tensor& clean, double severity) const override;
    at::Tensor synthesise(const at::Tensor& coefficients, double severity) const override;
    at::Tensor project(const at::Tensor& degraded, double severity) const override;
    at::Tensor singularValues(std::int64_t height, std::int64_t width,
                              double severity) const override;

  private:
    at::Tensor change(const at::Tensor& image, const at::Tensor& basis) const;

    std::int64_t m_block;
    at::Tensor m_basis;  // [r r, r r], orthonormal rows, the first one constant
};

}  // namespace posteria::physics
