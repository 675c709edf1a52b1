#include "core/nn/residual_gain.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/tensor/frequency.h"
#include "core/tensor/torch_compat.h"

namespace posteria::nn {

namespace {

constexpr std::int64_t kBlock = 64;               // pixels
constexpr double kFinest = 0.3, kCoarsest = 0.2;  // of the waves that tell, cycles per pixel
constexpr std::size_t kFrom = 5;  // first gain that is fitted, 5/32 cycles per pixel
constexpr double kSteepest = 2, kHeld = 0.02;
constexpr double kLeastPower = 1e-12;
constexpr int kRounds = 3;  // the filter's short kernel follows a steep gain but in part

struct Line {
    double start = 0, slope = 0;
};

// Maximises sum of wanted l - drawn exp(l) with l = start + slope x, by Newton's method; the slope,
// with what it was before, is drawn to 0, as fields that hardly differ in x tell little of it.
Line fitLogRatio(const std::vector<double>& x, const std::vector<double>& wanted,
                 const std::vector<double>& drawn, double before) {
    const double all = std::accumulate(wanted.begin(), wanted.end(), 0.0),
                 made = std::accumulate(drawn.begin(), drawn.end(), 0.0);
    Line line{std::log(std::max(all, kLeastPower) / std::max(made, kLeastPower)), 0};
    for (int round = 0; round < 100; ++round) {
        double g0 = 0, g1 = 0, h00 = 0, h01 = 0, h11 = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double expected = drawn[i] * std::exp(line.start + line.slope * x[i]);
            g0 += wanted[i] - expected, g1 += (wanted[i] - expected) * x[i];
            h00 += expected, h01 += expected * x[i], h11 += expected * x[i] * x[i];
        }
        const double held = kHeld * h00;
        g1 -= held * (before + line.slope), h11 += held;
        const double determinant = h00 * h11 - h01 * h01;
        if (!(determinant > kLeastPower * h00 * h11)) break;  // all fields alike
        const double d0 = (h11 * g0 - h01 * g1) / determinant,
                     d1 = (h00 * g1 - h01 * g0) / determinant;
        line.start += std::clamp(d0, -0.3, 0.3);
        line.slope = std::clamp(line.slope + std::clamp(d1, -0.3, 0.3), -kSteepest, kSteepest);
        if (std::abs(d0) + std::abs(d1) < 1e-9) break;
    }
    return line;
}

std::vector<double> column(const at::Tensor& values) {  // [N]
    const at::Tensor own = values.to(at::kDouble).contiguous();
    const auto* first = tensor::constData<double>(own);
    return {first, first + own.numel()};
}

}  // namespace

std::vector<double> fineLevel(const at::Tensor& mean) {
    const auto side = std::min({kBlock, mean.size(1), mean.size(2)});
    const at::Tensor frequency = tensor::radialFrequency(side);
    const at::Tensor told =
        (frequency >= kCoarsest).logical_and(frequency < kFinest).to(at::kDouble);
    const at::Tensor window = at::hann_window(side, at::TensorOptions().dtype(at::kFloat));
    const at::Tensor both = window.unsqueeze(0) * window.unsqueeze(1);
    at::Tensor sum = at::zeros({mean.size(0)}, at::kDouble);
    std::int64_t blocks = 0;
    for (std::int64_t y = 0; y + side <= mean.size(1); y += side) {
        // [C, blocks, side, side]
        at::Tensor row = mean.slice(1, y, y + side).to(at::kCPU).unfold(2, side, side);
        row = row.permute({0, 2, 1, 3}).to(at::kFloat);
        row = row - row.mean(at::IntArrayRef{2, 3}, true);
        const at::Tensor power = at::fft_fft2(row * both).abs().square().to(at::kDouble);
        sum += (power * told).sum(at::IntArrayRef{1, 2, 3});
        blocks += row.size(1);
    }
    const double share = static_cast<double>(blocks) * told.sum().item<double>() *
                         both.square().sum().item<double>();
    return column(at::log(sum / std::max(share, kLeastPower) + kLeastPower));
}

std::vector<RadialGain> gainsFor(const std::vector<package::ResidualGain>& fitted,
                                 const at::Tensor& mean) {
    const auto levels = fineLevel(mean);
    std::vector<RadialGain> result;
    for (std::size_t c = 0; c < fitted.size(); ++c) {
        const auto& own = fitted[c];
        const double beyond = std::clamp(levels[c], own.low, own.high) - own.level;
        result.emplace_back();
        for (std::size_t j = 0; j < own.gain.size(); ++j) {
            result.back().push_back(
                std::min(own.gain[j] * std::exp(own.slope[j] * beyond), package::kMaxGain));
        }
    }
    return result;
}

std::vector<package::ResidualGain> fitResidualGain(const at::Tensor& truths,
                                                   const at::Tensor& means,
                                                   const at::Tensor& departures) {
    const auto fields = truths.size(0), channels = truths.size(1), samples = departures.size(1);
    std::vector<package::ResidualGain> result(static_cast<std::size_t>(channels));
    std::vector<std::vector<double>> levels(result.size());
    for (std::int64_t i = 0; i < fields; ++i) {
        const auto own = fineLevel(means[i]);
        for (std::size_t c = 0; c < result.size(); ++c)
            levels[c].push_back(own[c]);
    }
    for (std::size_t c = 0; c < result.size(); ++c) {
        auto& own = result[c];
        own.level = std::accumulate(levels[c].begin(), levels[c].end(), 0.0) /
                    static_cast<double>(levels[c].size());
        const auto [low, high] = std::minmax_element(levels[c].begin(), levels[c].end());
        own.low = *low, own.high = *high;
        own.gain.assign(package::kGainNodes, 1);
        own.slope.assign(package::kGainNodes, 0);
        for (double& level : levels[c])
            level -= own.level;
    }
    const at::Tensor mean = radialPower(means, means);  // [N, C, nodes]
    const at::Tensor wanted = radialPower(truths, truths) - mean;
    for (int round = 0; round < kRounds; ++round) {
        at::Tensor drawn = at::zeros_like(mean);
        for (std::int64_t i = 0; i < fields; ++i) {
            const auto gains = gainsFor(result, means[i]);
            const at::Tensor filtered = radiallyFiltered(departures[i], gains);
            const at::Tensor sample = means[i].unsqueeze(0) + filtered;
            const at::Tensor own = radialPower(filtered, filtered).sum(0) / samples;
            // What departures share with the mean counts, but never for all they have.
            drawn[i] =
                at::maximum(radialPower(sample, sample).sum(0) / samples - mean[i], 0.05 * own);
        }
        for (std::size_t c = 0; c < result.size(); ++c) {
            const auto channel = static_cast<std::int64_t>(c);
            for (std::size_t j = kFrom; j < package::kGainNodes; ++j) {
                const auto node = static_cast<std::int64_t>(j);
                double& gain = result[c].gain[j];
                double& slope = result[c].slope[j];
                const auto line =
                    fitLogRatio(levels[c], column(wanted.select(1, channel).select(1, node)),
                                column(drawn.select(1, channel).select(1, node)), 2 * slope);
                // Of power: half of it for the amplitude.
                gain = std::min(gain * std::exp(line.start / 2), package::kMaxGain);
                slope += line.slope / 2;
            }
        }
    }
    return result;
}

}  // namespace posteria::nn
