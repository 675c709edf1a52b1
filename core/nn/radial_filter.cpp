#include "core/nn/radial_filter.h"

#include <array>

#include "core/tensor/frequency.h"
#include "core/tensor/torch_compat.h"

namespace posteria::nn {

namespace {

constexpr double kSpacing = 1.0 / 32;  // of the gains, cycles per pixel
constexpr std::int64_t kReach = 8;     // of the kernel, pixels on every side
constexpr std::int64_t kSide = 64;     // of the grid of frequencies the kernel is made on

// [C, 1, 17, 17]; its sum is the gain of frequency 0.
at::Tensor kernels(const std::vector<RadialGain>& gains) {
    const at::Tensor position = (tensor::radialFrequency(kSide) / kSpacing).flatten();
    const at::Tensor below = position.floor().to(at::kLong);
    std::vector<at::Tensor> result;
    for (const auto& channel : gains) {
        const at::Tensor gain = at::tensor(channel, at::kDouble);
        const at::Tensor grid =
            at::lerp(gain.index_select(0, below), gain.index_select(0, below + 1), position - below)
                .view({kSide, kSide});
        const at::Tensor kernel = at::roll(at::real(at::fft_ifft2(grid)), {kReach, kReach}, {0, 1})
                                      .slice(0, 0, 2 * kReach + 1)
                                      .slice(1, 0, 2 * kReach + 1);
        result.push_back(kernel + (channel[0] - kernel.sum()) / kernel.numel());
    }
    return at::stack(result).unsqueeze(1).to(at::kFloat);
}

at::Tensor spectrum(const at::Tensor& field) {
    const at::Tensor window =
        at::hann_window(field.size(-1), at::TensorOptions().dtype(at::kDouble));
    const at::Tensor f = field.to(at::kDouble);
    return at::fft_fft2((f - f.mean(at::IntArrayRef{1, 2}, true)) * window.unsqueeze(0) *
                        window.unsqueeze(1));
}

}  // namespace

at::Tensor radialPower(const at::Tensor& a, const at::Tensor& b) {
    const at::Tensor nearest =
        (tensor::radialFrequency(a.size(-1)) / kSpacing).round().to(at::kLong).flatten();
    at::Tensor result = at::zeros({a.size(0), a.size(1), package::kGainNodes}, at::kDouble);
    for (std::int64_t i = 0; i < a.size(0); ++i) {
        const at::Tensor first = spectrum(a[i]);
        const at::Tensor second = a.is_same(b) ? first : spectrum(b[i]);
        result[i].index_add_(1, nearest, at::real(first * second.conj()).flatten(1));
    }
    return result;
}

std::vector<RadialGain> radialGains(const at::Tensor& estimates, const at::Tensor& truths) {
    const at::Tensor own = radialPower(estimates, estimates).sum(0),
                     shared = radialPower(truths, estimates).sum(0);
    // What is not there, or runs against the truth, is left out.
    const at::Tensor gains =
        at::where(own > 0, shared / own, at::zeros_like(own)).clamp(0, package::kMaxGain);
    std::vector<RadialGain> result;
    for (std::int64_t c = 0; c < truths.size(1); ++c) {
        const at::Tensor channel = gains[c].contiguous();
        const auto* first = tensor::constData<double>(channel);
        result.emplace_back(first, first + package::kGainNodes);
        result.back()[0] = 1;
    }
    return result;
}

at::Tensor radiallyFiltered(const at::Tensor& images, const std::vector<RadialGain>& gains) {
    const at::Tensor kernel = kernels(gains).to(images.device());
    const at::Tensor padded =
        at::replication_pad2d(images.contiguous(), {kReach, kReach, kReach, kReach});
    const std::array<std::int64_t, 2> one{1, 1}, none{0, 0};
    return at::conv2d(padded, kernel, at::Tensor(), one, at::IntArrayRef(none), one,
                      images.size(1));
}

}  // namespace posteria::nn
