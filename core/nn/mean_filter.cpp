#include "core/nn/mean_filter.h"

#include <algorithm>
#include <array>

#include "core/package/model_package.h"
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

}  // namespace

std::vector<RadialGain> radialGains(const at::Tensor& estimates, const at::Tensor& truths) {
    const auto side = truths.size(-1);
    const at::Tensor window = at::hann_window(side, at::TensorOptions().dtype(at::kDouble));
    const auto spectrum = [&](const at::Tensor& field) {
        const at::Tensor f = field.to(at::kDouble);
        return at::fft_fft2((f - f.mean(at::IntArrayRef{1, 2}, true)) * window.unsqueeze(0) *
                            window.unsqueeze(1));
    };
    at::Tensor shared = at::zeros({truths.size(1), side * side}, at::kDouble);
    at::Tensor own = at::zeros_like(shared);
    for (std::int64_t i = 0; i < truths.size(0); ++i) {
        const at::Tensor estimate = spectrum(estimates[i]), truth = spectrum(truths[i]);
        shared += at::real(truth * estimate.conj()).flatten(1);
        own += at::real(estimate * estimate.conj()).flatten(1);
    }
    const at::Tensor nearest =
        (tensor::radialFrequency(side) / kSpacing).round().to(at::kLong).flatten();
    std::vector<RadialGain> result(truths.size(1));
    for (int node = 0; node < package::kGainNodes; ++node) {
        const at::Tensor bins = at::nonzero(nearest == node).flatten();
        for (std::size_t c = 0; c < result.size(); ++c) {
            const auto over = [&](const at::Tensor& power) {
                return power.select(0, static_cast<std::int64_t>(c))
                    .index_select(0, bins)
                    .sum()
                    .item<double>();
            };
            const double power = over(own);
            // What is not there, or runs against the truth, is left out.
            const double gain = power > 0 ? std::max(0.0, over(shared) / power) : 0;
            result[c].push_back(node == 0 ? 1 : std::min(gain, package::kMaxGain));
        }
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
