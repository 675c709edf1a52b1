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
constexpr int kLevels = 4, kOctaves = 4, kWindow = 5;  // scales; octaves of detail; pixels
constexpr std::int64_t kLeastSide = 8;                 // of a scale that tells anything
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

at::Tensor windowMean(const at::Tensor& image) {
    return at::avg_pool2d(image.unsqueeze(0).unsqueeze(0), kWindow, 1)[0][0];
}

at::Tensor halved(const at::Tensor& image) {
    return at::avg_pool2d(image.unsqueeze(0).unsqueeze(0), 2)[0][0];
}

// What stands out from the pixels round it, in units of its deviation.
at::Tensor detailOf(const at::Tensor& image) {
    constexpr std::int64_t edge = kWindow / 2;
    const auto end = image.size(0) - edge;
    const at::Tensor detail = image.slice(0, edge, end).slice(1, edge, end) - windowMean(image);
    const at::Tensor off = detail - detail.mean();
    return off / off.std(false).clamp_min(1e-9);
}

// Coherence of the gradients (0: blots, 1: lines), and the share of the steepest tenth of the image
// in their energy; logarithms.
void addGradients(const at::Tensor& image, std::vector<double>& features) {
    const auto side = image.size(0);
    const at::Tensor x = (image.slice(0, 1, side - 1).slice(1, 2) -
                          image.slice(0, 1, side - 1).slice(1, 0, side - 2));
    const at::Tensor y = (image.slice(0, 2).slice(1, 1, side - 1) -
                          image.slice(0, 0, side - 2).slice(1, 1, side - 1));
    const at::Tensor xx = windowMean(x * x), yy = windowMean(y * y), xy = windowMean(x * y);
    const at::Tensor energy = xx + yy;
    const double all = std::max(energy.sum().item<double>(), 1e-12);
    const at::Tensor directed = ((xx - yy).square() + 4 * xy.square()).sqrt();
    const auto tenth = std::max<std::int64_t>(energy.numel() / 10, 1);
    const at::Tensor steepest = std::get<0>(energy.flatten().topk(tenth));
    features.push_back(std::log(directed.sum().item<double>() / all + kLeastPower));
    features.push_back(std::log(steepest.sum().item<double>() / all + kLeastPower));
}

// Shares of the power in octaves of frequency, the highest left out, logarithms.
void addOctaves(const at::Tensor& strength, std::vector<double>& features) {
    const auto side = strength.size(0);
    const at::Tensor hann = at::hann_window(side, at::TensorOptions().dtype(at::kDouble));
    const at::Tensor power =
        at::fft_fft2((strength - strength.mean()) * at::outer(hann, hann)).abs().square().flatten();
    const at::Tensor octaves = -(tensor::radialFrequency(side) / kHighest).clamp_min(1e-9).log2();
    const at::Tensor octave = octaves.floor().to(at::kLong).flatten();
    const double all = std::max(power.sum().item<double>(), 1e-300);
    for (int o = 1; o <= kOctaves; ++o) {
        const double share = power.masked_select(octave == o).sum().item<double>() / all;
        features.push_back(std::log(share + kLeastPower));
    }
}

// Of two strengths of detail, the second at half the scale.
double correlation(const at::Tensor& fine, const at::Tensor& coarse) {
    const at::Tensor shrunk = halved(fine);
    const auto side = std::min(shrunk.size(0), coarse.size(0));
    const auto middle = [side](const at::Tensor& image) {
        const auto from = (image.size(0) - side) / 2;
        const at::Tensor part = image.slice(0, from, from + side).slice(1, from, from + side);
        return part - part.mean();
    };
    const at::Tensor a = middle(shrunk), b = middle(coarse);
    return (a * b).sum().item<double>() /
           std::max((a.square().sum() * b.square().sum()).sqrt().item<double>(), 1e-12);
}

constexpr int kFeaturesAScale = 3 + kOctaves;

at::Tensor structure(const at::Tensor& image) {
    std::vector<double> features;
    std::vector<at::Tensor> strengths;
    at::Tensor scale = image;
    for (int level = 0; level < kLevels && scale.size(0) >= kLeastSide; ++level) {
        const at::Tensor detail = detailOf(scale);
        features.push_back(std::asinh(detail.pow(3).mean().item<double>()));
        addGradients(scale, features);
        strengths.push_back(detail.abs());
        addOctaves(strengths.back(), features);
        scale = halved(scale);
    }
    features.resize(kLevels * kFeaturesAScale);  // 0: scales that the image is too small for
    for (std::size_t level = 0; level + 1 < strengths.size(); ++level)
        features.push_back(correlation(strengths[level], strengths[level + 1]));
    features.resize(kInputFeatures - kPlainInputFeatures);
    return at::tensor(features, at::kDouble);
}

at::Tensor precisionOf(const package::InputStatistics& statistics) {
    std::vector<at::Tensor> rows;
    for (const auto& row : statistics.precision)
        rows.push_back(at::tensor(row, at::kDouble));
    return at::stack(rows);
}

at::Tensor departure(const at::Tensor& features, const package::InputStatistics& statistics) {
    const at::Tensor mean = at::tensor(statistics.mean, at::kDouble);
    return features.slice(0, 0, mean.numel()) - mean;
}

// In words, of a feature of structure().
std::string unusualStructure(std::int64_t feature, double by) {
    char text[120];
    const auto level = feature / kFeaturesAScale;
    if (level >= kLevels) {
        const int pixels = 2 << (feature - kLevels * kFeaturesAScale);
        std::snprintf(text, sizeof text, "details of %d and %d pixels coincide %s often than usual",
                      pixels, 2 * pixels, by > 0 ? "more" : "less");
        return text;
    }
    const auto kind = feature % kFeaturesAScale;
    const int pixels = 2 << level;
    if (kind > 2) {
        std::snprintf(text, sizeof text,
                      "%.2g times the usual variation of details of %d pixels over %d pixels",
                      std::exp(by), pixels, pixels << (kind - 2));
        return text;
    }
    const char* words[3][2] = {{"darker against what is round them", "brighter"},
                               {"less like lines", "more like lines"},
                               {"more evenly spread", "more concentrated"}};
    std::snprintf(text, sizeof text, "its details of %d pixels are %s than usual", pixels,
                  words[kind][by > 0]);
    return text;
}

}  // namespace

static_assert(kPlainInputFeatures == kBands + 5);
static_assert(kInputFeatures == kPlainInputFeatures + kLevels * kFeaturesAScale + kLevels - 1);
static_assert(kInputFeatures <= package::kMaxInputFeatures);

at::Tensor inputFeatures(const at::Tensor& image) {
    if (image.dim() != 2 || image.size(0) != image.size(1))
        throw Error(ErrorKind::Usage, "Only square images can be compared with others.");
    const at::Tensor grey = image.to(at::kDouble);
    const at::Tensor y = (grey - grey.mean()) / grey.std(false).clamp_min(1e-12);
    const at::Tensor quantiles =
        at::quantile(y.flatten(), at::tensor({0.01, 0.25, 0.5, 0.75, 0.99}, at::kDouble));
    return at::cat({bandPowers(y), quantiles, structure(y)});
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
    const at::Tensor off = departure(features, statistics);
    const at::Tensor deviations = off / at::linalg_inv(precisionOf(statistics)).diagonal().sqrt();
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
    if (most >= kPlainInputFeatures) return unusualStructure(most - kPlainInputFeatures, by);
    const char* values[] = {"darkest", "darker", "middle", "brighter", "brightest"};
    std::snprintf(text, sizeof text, "its %s values lie %.2g standard deviations too %s",
                  values[most - kBands], std::abs(by), by > 0 ? "high" : "low");
    return text;
}

double inputDistance(const at::Tensor& features, const package::InputStatistics& statistics) {
    const at::Tensor off = departure(features, statistics);
    const double square = at::dot(off, at::matmul(precisionOf(statistics), off)).item<double>();
    return std::sqrt(std::max(0.0, square) / static_cast<double>(off.numel()));
}

}  // namespace posteria::nn
