#include "core/sampling/noise_spectrum.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/tensor/frequency.h"
#include "core/tensor/torch_compat.h"

namespace posteria::sampling {

namespace {

constexpr std::int64_t kSide = 2 * NoiseSpectrum::kReach;
constexpr std::int64_t kBlock = 384;  // pixels a side coloured at once
constexpr std::int64_t kTransform = kBlock + kSide;

// Where a frequency lies among the nodes: 0 at the first and below, kNodes - 1 at the last.
at::Tensor nodePosition(const at::Tensor& frequency) {
    return (4 * (frequency.clamp_min(1.0 / kSide) * static_cast<double>(kSide)).log2())
        .clamp(0, NoiseSpectrum::kNodes - 1);
}

// Factors [C, C, nodes] at every coefficient of a transform, [C, C, S, S].
at::Tensor onGrid(const at::Tensor& factors, std::int64_t side) {
    const at::Tensor position = nodePosition(tensor::radialFrequency(side)).flatten();
    const at::Tensor below = position.floor().clamp_max(NoiseSpectrum::kNodes - 2).to(at::kLong);
    return at::lerp(factors.index_select(2, below), factors.index_select(2, below + 1),
                    position - below)
        .view({factors.size(0), factors.size(1), side, side});
}

}  // namespace

NoiseSpectrum::NoiseSpectrum(const std::vector<std::vector<double>>& factors) {
    if (factors.empty()) return;
    const auto channels =
        static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(factors[0].size()))));
    std::vector<at::Tensor> rows;
    for (const auto& row : factors) {
        if (factors.size() != kNodes ||
            static_cast<std::int64_t>(row.size()) != channels * channels)
            throw Error(ErrorKind::Model, "The model's noise spectrum has the wrong size.");
        rows.push_back(at::tensor(row, at::kDouble).view({channels, channels}));
    }
    const at::Tensor factor = onGrid(at::stack(rows, 2), kSide);
    // White noise of unit variance has that power in every coefficient.
    const at::Tensor unit =
        factor.square().mean(at::IntArrayRef{2, 3}).sum(1).sqrt().clamp_min(1e-12);
    const at::Tensor kernel = at::real(at::fft_ifft2(factor / unit.view({-1, 1, 1, 1})));
    // The kernel around the corner of a block.
    at::Tensor frame = at::zeros({channels, channels, kTransform, kTransform});
    frame.slice(2, 0, kSide).slice(3, 0, kSide).copy_(at::roll(kernel, {kReach, kReach}, {2, 3}));
    m_filter = at::fft_rfft2(at::roll(frame, {-kReach, -kReach}, {2, 3}));
}

std::vector<std::vector<double>> NoiseSpectrum::factorsOf(const at::Tensor& fields) {
    const auto side = fields.size(-1), channels = fields.size(1);
    const at::Tensor window =
        at::hann_window(side, at::TensorOptions().dtype(at::kDouble)).clamp_min(1e-3);
    const at::Tensor f =
        at::fft_fft2(fields.to(at::kDouble) * window.unsqueeze(0) * window.unsqueeze(1));
    // [C, C, S S]: cross-power averaged over the fields; its odd part has no direction to keep.
    const at::Tensor power = at::real(f.unsqueeze(2) * f.conj().unsqueeze(1)).mean(0).flatten(2);
    const at::Tensor nearest =
        nodePosition(tensor::radialFrequency(side)).round().to(at::kLong).flatten();
    std::vector<std::vector<double>> result(kNodes);
    for (int j = kNodes - 1; j >= 0; --j) {
        const at::Tensor bins = at::nonzero(nearest == j).flatten();
        if (bins.numel() == 0) {  // a small field has no such long wave
            result[j] = result[std::min(j + 1, kNodes - 1)];
            continue;
        }
        at::Tensor s = power.index_select(2, bins).mean(2);
        s = s + (1e-6 * s.trace() + 1e-12) * at::eye(channels, s.options());
        const at::Tensor lower = at::linalg_cholesky(s).contiguous();
        result[j].assign(tensor::constData<double>(lower),
                         tensor::constData<double>(lower) + lower.numel());
    }
    return result;
}

at::Tensor NoiseSpectrum::colour(const at::Tensor& white) const {
    if (!m_filter.defined()) return white;
    const auto height = white.size(1) - kSide, width = white.size(2) - kSide;
    at::Tensor result = at::empty({white.size(0), height, width});
    for (std::int64_t y = 0; y < height; y += kBlock) {
        for (std::int64_t x = 0; x < width; x += kBlock) {
            const auto h = std::min(kBlock, height - y), w = std::min(kBlock, width - x);
            // Zeros fill up a smaller block; they and what wraps around stay in its margin.
            const at::Tensor spectrum =
                at::fft_rfft2(white.slice(1, y, y + h + kSide).slice(2, x, x + w + kSide),
                              at::IntArrayRef{kTransform, kTransform});
            const at::Tensor block = at::fft_irfft2((m_filter * spectrum.unsqueeze(0)).sum(1),
                                                    at::IntArrayRef{kTransform, kTransform});
            result.slice(1, y, y + h)
                .slice(2, x, x + w)
                .copy_(block.slice(1, kReach, kReach + h).slice(2, kReach, kReach + w));
        }
    }
    return result;
}

}  // namespace posteria::sampling
