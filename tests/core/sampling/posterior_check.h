// Samples held against the law they should have.
#pragma once

#include <QtTest>

#include "tests/core/sampling/gaussian_oracle.h"

namespace posteria::sampling {

inline constexpr std::int64_t kSide = 32;
inline constexpr int kSamples = 48;

inline at::Tensor drawSamples(const Sampler& sampler, const Restorer& restorer,
                              const at::Tensor& y) {
    const at::Tensor batch = y.expand({kSamples, y.size(1), kSide, kSide});
    return sampler.draw(
        batch,
        [](int i) {
            auto generator = tensor::makeGenerator(99, static_cast<std::uint64_t>(i));
            return tensor::normal({kSamples, 1, kSide, kSide}, generator);
        },
        restorer);
}

// |mean - expected|^2 over its variance, averaged over frequencies, is 1 within 4 standard errors;
// and so is the ratio of the samples' variance to the expected one.
inline void compare(const GaussianOracle& oracle, const at::Tensor& samples,
                    const at::Tensor& expectedMean, const at::Tensor& expectedVariance) {
    const double n = kSamples, frequencies = static_cast<double>(kSide * kSide);
    const at::Tensor mean = samples.to(at::kDouble).mean(at::IntArrayRef{0}, true);
    const at::Tensor chi = oracle.spectrumPower(mean - expectedMean)[0][0] / (expectedVariance / n);
    const double meanRatio = chi.mean().item<double>();
    // A real image's frequencies come in equal pairs: half as many independent terms, each of
    // variance 1.
    const double meanError = std::sqrt(2.0 / frequencies);
    const at::Tensor spread =
        oracle.spectrumPower(samples - mean).sum(at::IntArrayRef{0})[0] / (n - 1);
    const double varianceRatio = (spread / expectedVariance).mean().item<double>();
    const double varianceError = std::sqrt(2.0 / (frequencies * (n - 1)));
    QVERIFY2(std::abs(meanRatio - 1) < 4 * meanError,
             qPrintable(QString("mean: %1 of its variance, expected 1 within %2")
                            .arg(meanRatio)
                            .arg(4 * meanError)));
    QVERIFY2(std::abs(varianceRatio - 1) < 4 * varianceError,
             qPrintable(QString("variance ratio %1, expected 1 within %2")
                            .arg(varianceRatio)
                            .arg(4 * varianceError)));
}

}  // namespace posteria::sampling
