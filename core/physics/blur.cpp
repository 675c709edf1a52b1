#include "core/physics/blur.h"

#include <torch/torch.h>

#include <cmath>

#include "core/base/error.h"

namespace posteria::physics {

namespace {

at::Tensor fourier(const at::Tensor& image) {
    return torch::fft::fft2(image);
}

// A real image multiplied by a transfer function.
at::Tensor filtered(const at::Tensor& image, const at::Tensor& transfer) {
    return torch::real(
               torch::fft::ifft2(fourier(image.to(torch::kDouble)) * transfer.to(image.device())))
        .to(image.scalar_type());
}

// Orthonormal, and its own inverse.
at::Tensor hartley(const at::Tensor& image) {
    const auto f = fourier(image);
    return (torch::real(f) - torch::imag(f)) /
           std::sqrt(static_cast<double>(image.size(-1) * image.size(-2)));
}

}  // namespace

Blur::Blur(const at::Tensor& psf) : m_psf(psf.to(torch::kDouble)) {
    if (psf.dim() != 2 || psf.size(0) != psf.size(1) || psf.numel() == 0)
        throw Error(ErrorKind::Usage, "The point spread function of a blur is a square plane.");
}

// What of the function reaches beyond the image comes in again on the other side.
at::Tensor Blur::transfer(std::int64_t height, std::int64_t width) const {
    const auto side = m_psf.size(0);
    const auto place = [&](std::int64_t size) {
        return torch::remainder(torch::arange(side, torch::kLong) - side / 2, size);
    };
    const auto index = place(height).unsqueeze(1) * width + place(width);
    const auto wrapped = torch::zeros({height * width}, torch::kDouble)
                             .index_add(0, index.flatten(), m_psf.flatten());
    return fourier(wrapped.view({height, width}));
}

at::Tensor Blur::apply(const at::Tensor& clean, const at::Tensor& severity) const {
    check(clean, 1, severity);
    return torch::lerp(clean, filtered(clean, transfer(clean.size(2), clean.size(3))),
                       perImage(severity, clean));
}

at::Tensor Blur::adjoint(const at::Tensor& degraded, const at::Tensor& severity) const {
    check(degraded, 1, severity);
    return torch::lerp(degraded,
                       filtered(degraded, transfer(degraded.size(2), degraded.size(3)).conj()),
                       perImage(severity, degraded));
}

at::Tensor Blur::analyse(const at::Tensor& clean, double) const {
    return hartley(clean);
}

at::Tensor Blur::synthesise(const at::Tensor& coefficients, double) const {
    return hartley(coefficients);
}

at::Tensor Blur::project(const at::Tensor& degraded, double severity) const {
    const auto t = (1 - severity) + severity * transfer(degraded.size(2), degraded.size(3));
    return hartley(filtered(degraded, (t / t.abs().clamp_min(1e-30)).conj()));
}

at::Tensor Blur::singularValues(std::int64_t height, std::int64_t width, double severity) const {
    return ((1 - severity) + severity * transfer(height, width)).abs();
}

}  // namespace posteria::physics
