#include "core/training/residual.h"

#include <cmath>
#include <numeric>

#include "core/nn/radial_filter.h"
#include "core/sampling/noise_spectrum.h"
#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"

namespace posteria::training {

namespace {

constexpr int kFields = 96;
constexpr std::uint64_t kStream = 1ull << 40;  // patches that no training step draws
constexpr int kRounds = 8, kMatchRounds = 3;
// Waves of 16 pixels and shorter. A field holds few of the longer ones, and the deviation has such
// waves itself: matched there, noise becomes an offset of whole fields.
constexpr std::size_t kMatchFrom = 16;
constexpr double kLeast = 1e-4;  // of the mean square: a place without signal keeps some variance

// Power of a channel at a node, from the factors of its spectrum.
double power(const std::vector<double>& factors, std::int64_t channel, std::int64_t channels) {
    const auto row = factors.begin() + channel * channels;
    return std::inner_product(row, row + channels, row, 0.0);
}

// Factors of noise that, multiplied by the deviation, has the power of `left` in waves of 16 to 2
// pixels, both [N, C, H, W]. The quotient's spectrum is but a start, as the product smears its
// waves, and dark places, which are many, rule it. Longer waves keep it (kMatchFrom); in the
// corners beyond 2 pixels the rounds do not get rid of all that is smeared there.
std::vector<std::vector<double>> matchedSpectrum(const at::Tensor& left,
                                                 const at::Tensor& deviation) {
    using sampling::NoiseSpectrum;
    const auto channels = left.size(1);
    const auto wanted = NoiseSpectrum::factorsOf(left);
    auto factors = NoiseSpectrum::factorsOf(left / deviation.sqrt());
    for (int round = 0; round < kMatchRounds; ++round) {
        const NoiseSpectrum spectrum(factors);
        const auto around = 2 * spectrum.reach();
        std::vector<at::Tensor> noise;
        for (std::int64_t i = 0; i < left.size(0); ++i) {
            auto generator = tensor::makeGenerator(kStream, i);
            noise.push_back(spectrum.colour(tensor::normal(
                {channels, left.size(2) + around, left.size(3) + around}, generator)));
        }
        const auto made = NoiseSpectrum::factorsOf(at::stack(noise) * deviation);
        for (std::size_t node = kMatchFrom; node < factors.size(); ++node) {
            for (std::int64_t c = 0; c < channels; ++c) {
                const double gain =
                    std::sqrt(power(wanted[node], c, channels) / power(made[node], c, channels));
                for (std::int64_t k = 0; k < channels; ++k)
                    factors[node][c * channels + k] *= gain;
            }
        }
    }
    return factors;
}

}  // namespace

at::Tensor fitVariance(const at::Tensor& features, const at::Tensor& squares) {
    const double least = kLeast * squares.mean().item<double>();
    at::Tensor factors;
    // Without knowing better: all places alike but for their features' sum.
    at::Tensor variance = features.sum(0);
    for (int i = 0; i < kRounds; ++i) {
        const at::Tensor weighted = features / variance.square();
        at::Tensor normal = at::matmul(weighted, features.t());
        // A channel that is dark everywhere would make it singular.
        normal.diagonal().add_(1e-12 * normal.trace());
        factors = at::linalg_solve(normal, at::matmul(weighted, squares)).clamp_min(0);
        factors[0].clamp_min_(least);
        variance = at::matmul(factors, features);
    }
    return factors * (squares / variance).mean();
}

void measureResidual(nn::Model& model, const FieldPool& pool) {
    static_assert(package::kSpectrumNodes == sampling::NoiseSpectrum::kNodes);
    torch::NoGradGuard guard;
    const auto device = (*model.network("oneshot").weights().begin()).second.device();
    auto& package = model.package();
    package.meanGain.clear();
    std::vector<at::Tensor> truths, means;
    for (int i = 0; i < kFields; ++i) {
        const Batch field = pool.draw({1, static_cast<int>(pool.fieldSize())}, kStream + i);
        means.push_back(model.oneShot(field.y.to(device), field.severity.to(device)).cpu());
        truths.push_back(field.x);
    }
    const at::Tensor truth = at::cat(truths);
    package.meanGain = nn::radialGains(at::cat(means), truth);
    const at::Tensor mean = nn::radiallyFiltered(at::cat(means), package.meanGain);
    const at::Tensor left = truth - mean;
    const auto channels = static_cast<std::int64_t>(package.outputs.size());
    const at::Tensor light = model.brightness(mean);
    // [1 + C, P]: the constant and every channel.
    const at::Tensor features = at::cat({at::ones_like(light.slice(1, 0, 1)), light}, 1)
                                    .transpose(0, 1)
                                    .flatten(1)
                                    .to(at::kDouble);
    package.residualVariance.clear();
    for (std::int64_t c = 0; c < channels; ++c) {
        const at::Tensor squares = left.select(1, c).flatten().to(at::kDouble).square();
        const at::Tensor factors = fitVariance(features, squares).contiguous();
        package.residualVariance.emplace_back(tensor::constData<double>(factors),
                                              tensor::constData<double>(factors) + factors.numel());
    }
    package.residualSpectrum = matchedSpectrum(left, model.deviation(mean));
}

}  // namespace posteria::training
