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

PlaneConvolution::Method PlaneConvolution::methodFor(std::int64_t side) {
    constexpr std::int64_t kLargestDirect = 9;  // measured: here both take the same time
    return side <= kLargestDirect ? Method::Direct : Method::Fft;
}

PlaneConvolution::PlaneConvolution(const at::Tensor& volume, std::int64_t side, Method method)
    : m_method(method), m_radius(side / 2) {
    if (side % 2 != 1) throw Error(ErrorKind::Usage, "A kernel's side must be odd.");
    m_height = volume.size(1);
    m_width = volume.size(2);
    m_padded = {goodLength(m_height + side), goodLength(m_width + side)};
    m_volume = method == Method::Fft ? torch::fft::rfft2(volume, m_padded) : volume.unsqueeze(0);
}

at::Tensor PlaneConvolution::sum(const at::Tensor& kernels) const {
    if (m_method == Method::Direct)  // conv2d correlates, hence the flip
        return torch::conv2d(m_volume, kernels.flip({1, 2}).unsqueeze(0), {}, 1, m_radius)
            .view({m_height, m_width});
    const auto transfer = torch::fft::rfft2(kernels, m_padded);
    const auto image = torch::fft::irfft2((m_volume * transfer).sum(0), m_padded);
    return image.slice(0, m_radius, m_radius + m_height).slice(1, m_radius, m_radius + m_width);
}

}  // namespace posteria::physics
