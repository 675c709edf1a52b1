#include "core/physics/plane_convolution.h"

#include <torch/torch.h>

#include "core/base/error.h"

namespace posteria::physics {

namespace {

// The smallest length from `least` up whose only prime factors are 2, 3 and 5: the FFT is fast
// there.
std::int64_t goodLength(std::int64_t least) {
    for (std::int64_t n = least;; ++n) {
        std::int64_t rest = n;
        for (std::int64_t prime : {2, 3, 5})
            while (rest % prime == 0)
                rest /= prime;
        if (rest == 1) return n;
    }
}

}  // namespace

PlaneConvolution::PlaneConvolution(const at::Tensor& volume, std::int64_t side)
    : m_radius(side / 2) {
    if (side % 2 != 1) throw Error(ErrorKind::Usage, "A kernel's side must be odd.");
    m_height = volume.size(1);
    m_width = volume.size(2);
    m_padded = {goodLength(m_height + side), goodLength(m_width + side)};
    m_volume = torch::fft::rfft2(volume, m_padded);
}

at::Tensor PlaneConvolution::sum(const at::Tensor& kernels) const {
    const auto transfer = torch::fft::rfft2(kernels, m_padded);
    const auto image = torch::fft::irfft2((m_volume * transfer).sum(0), m_padded);
    return image.slice(0, m_radius, m_radius + m_height).slice(1, m_radius, m_radius + m_width);
}

}  // namespace posteria::physics
