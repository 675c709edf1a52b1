#include "core/nn/input_check.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/base/error.h"
#include "core/tensor/frequency.h"
#include "core/tensor/torch_compat.h"

namespace posteria::nn {

namespace {

constexpr int kBands = 12;
constexpr double kHighest = 0.5;  // cycles per pixel; beyond, in the corners, noise alone
constexpr double kBandsAnOctave = 2;
constexpr double kLeastPower = 1e-7;  // of the image's: an image of whole steps keeps finite logs
constexpr double kLeastVariance = 1e-4;  // a feature that never varied would rule the distance

// Share of the image's power a band, logarithms: [kBands].
at::Tensor bandPowers(const at::Tensor& image) {
    const auto side = image.size(0);
    const at::Tensor hann = at::hann_window(side, at::TensorOptions().dtype(at::kDouble));
    const at::Tensor power = at::fft_fft2(image * at::outer(hann, hann)).abs().square().flatten();
    // Band 0 is the highest.
    const at::Tensor octaves = -(tensor::radialFrequency(side) / kHighest).clamp_min(1e-9).log2();
    const at::Tensor band = (octaves * kBandsAnOctave).floor().to(at::kLong).flatten();
    std::vector<double> logs;
    const double all = std::max(power.sum().item<double>(), 1e-300);
    for (int b = 0; b < kBands; ++b) {
        const double share = power.masked_select(band == b).sum().item<double>() / all;
        logs.push_back(std::log(share + kLeastPower));
    }
    return at::tensor(logs, at::kDouble);
}

}  // namespace

static_assert(package::kInputFeatures == kBands + 5);

at::Tensor inputFeatures(const at::Tensor& image) {
    if (image.dim() != 2 || image.size(0) != image.size(1))
        throw Error(ErrorKind::Usage, "Only square images can be compared with others.");
    const at::Tensor grey = image.to(at::kDouble);
    const at::Tensor y = (grey - grey.mean()) / grey.std(false).clamp_min(1e-12);
    const at::Tensor quantiles =
        at::quantile(y.flatten(), at::tensor({0.01, 0.25, 0.5, 0.75, 0.99}, at::kDouble));
    return at::cat({bandPowers(y), quantiles});
}

package::InputStatistics fitInputStatistics(const at::Tensor& features, const at::Tensor& others) {
    const auto size = features.size(1);
    if (features.size(0) <= 2 * size || others.size(0) < 1)
        throw Error(ErrorKind::Usage, "There are too few images to tell what is usual.");
    const at::Tensor mean = features.mean(0);
    const at::Tensor off = features - mean;
    at::Tensor covariance = at::matmul(off.t(), off) / static_cast<double>(features.size(0) - 1);
    covariance.diagonal().add_(kLeastVariance);
    const at::Tensor precision = at::linalg_inv(covariance).contiguous();
    package::InputStatistics statistics;
    const auto row = [](const at::Tensor& values) {
        const at::Tensor v = values.contiguous();
        return std::vector<double>(tensor::constData<double>(v),
                                   tensor::constData<double>(v) + v.numel());
    };
    statistics.mean = row(mean);
    for (std::int64_t i = 0; i < size; ++i)
        statistics.precision.push_back(row(precision[i]));
    std::vector<double> distances;
    for (std::int64_t i = 0; i < others.size(0); ++i)
        distances.push_back(inputDistance(others[i], statistics));
    std::sort(distances.begin(), distances.end());
    statistics.limit = distances[static_cast<std::size_t>(
                                     std::ceil(0.99 * static_cast<double>(distances.size()))) -
                                 1];
    return statistics;
}

std::string unusualFeature(const at::Tensor& features, const package::InputStatistics& statistics) {
    const auto size = static_cast<std::int64_t>(statistics.mean.size());
    at::Tensor precision = at::empty({size, size}, at::kDouble);
    for (std::int64_t i = 0; i < size; ++i)
        precision[i] = at::tensor(statistics.precision[static_cast<std::size_t>(i)], at::kDouble);
    const at::Tensor off = features - at::tensor(statistics.mean, at::kDouble);
    const at::Tensor deviations = off / at::linalg_inv(precision).diagonal().sqrt();
    const auto most = deviations.abs().argmax().item<std::int64_t>();
    const double by = off[most].item<double>();
    char text[120];
    if (most < kBands) {
        const double shortest = std::pow(2, static_cast<double>(most) / kBandsAnOctave) / kHighest;
        std::snprintf(text, sizeof text,
                      "%.2g times the usual power in waves of %.2g to %.2g pixels", std::exp(by),
                      shortest, shortest * std::pow(2, 1 / kBandsAnOctave));
        return text;
    }
    const char* values[] = {"darkest", "darker", "middle", "brighter", "brightest"};
    std::snprintf(text, sizeof text, "its %s values lie %.2g standard deviations too %s",
                  values[most - kBands], std::abs(by), by > 0 ? "high" : "low");
    return text;
}

double inputDistance(const at::Tensor& features, const package::InputStatistics& statistics) {
    const auto size = static_cast<std::int64_t>(statistics.mean.size());
    at::Tensor precision = at::empty({size, size}, at::kDouble);
    for (std::int64_t i = 0; i < size; ++i)
        precision[i] = at::tensor(statistics.precision[static_cast<std::size_t>(i)], at::kDouble);
    const at::Tensor off = features - at::tensor(statistics.mean, at::kDouble);
    const double square = at::dot(off, at::matmul(precision, off)).item<double>();
    return std::sqrt(std::max(0.0, square) / static_cast<double>(size));
}

}  // namespace posteria::nn
