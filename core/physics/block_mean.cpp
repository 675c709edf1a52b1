#include "core/physics/block_mean.h"

#include <torch/torch.h>

#include <cmath>

#include "core/base/error.h"

namespace posteria::physics {

// The discrete cosine transform's basis: its first row is constant.
BlockMean::BlockMean(std::int64_t block) : m_block(block) {
    if (block < 1) throw Error(ErrorKind::Usage, "A block mean needs a block of 1 pixel or more.");
    const auto n = block * block;
    const auto places = torch::arange(n, torch::kDouble);
    m_basis = torch::cos(M_PI / static_cast<double>(n) * places.unsqueeze(1) * (places + 0.5)) *
              std::sqrt(2.0 / static_cast<double>(n));
    m_basis[0] *= std::sqrt(0.5);
}

at::Tensor BlockMean::change(const at::Tensor& image, const at::Tensor& basis) const {
    if (image.dim() != 4 || image.size(2) % m_block != 0 || image.size(3) % m_block != 0)
        throw Error(ErrorKind::Usage, "The size of the image is no multiple of the block.");
    const auto blocks = torch::pixel_unshuffle(image, m_block);  // [N, r r, H / r, W / r]
    return torch::pixel_shuffle(
        torch::einsum("ij,njhw->nihw", {basis.to(image.scalar_type()), blocks}), m_block);
}

at::Tensor BlockMean::apply(const at::Tensor& clean, const at::Tensor& severity) const {
    check(clean, 1, severity);
    const auto n = m_block * m_block;
    return torch::lerp(clean, change(clean, torch::full({n, n}, 1.0 / static_cast<double>(n))),
                       perImage(severity, clean));
}

at::Tensor BlockMean::adjoint(const at::Tensor& degraded, const at::Tensor& severity) const {
    return apply(degraded, severity);
}

at::Tensor BlockMean::analyse(const at::Tensor& clean, double) const {
    return change(clean, m_basis);
}

at::Tensor BlockMean::synthesise(const at::Tensor& coefficients, double) const {
    return change(coefficients, m_basis.t());
}

at::Tensor BlockMean::project(const at::Tensor& degraded, double) const {
    return change(degraded, m_basis);
}

at::Tensor BlockMean::singularValues(std::int64_t height, std::int64_t width,
                                     double severity) const {
    auto values = torch::full({m_block, m_block}, 1 - severity, torch::kDouble);
    values[0][0] = 1;
    return values.repeat({height / m_block, width / m_block});
}

}  // namespace posteria::physics
