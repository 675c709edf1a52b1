#include "core/analysis/calibration.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace posteria::analysis {

namespace {

constexpr double kZ90 = 1.6448536269514722;
constexpr double kTail68 = 0.15865525393145705, kTail90 = 0.05;  // below each interval

// The outermost ranks lie outside the interval as a whole.
bool spans(std::size_t samples, double tail) {
    return tail * static_cast<double>(samples + 1) >= 1;
}

double rankCoverage(const std::vector<std::int64_t>& histogram, double tail) {
    const auto ranks = static_cast<double>(histogram.size());
    double inside = 0, count = 0;
    for (std::size_t r = 0; r < histogram.size(); ++r) {
        const double from = static_cast<double>(r) / ranks, to = static_cast<double>(r + 1) / ranks;
        const double share = std::max(0.0, std::min(to, 1 - tail) - std::max(from, tail)) * ranks;
        inside += share * static_cast<double>(histogram[r]);
        count += static_cast<double>(histogram[r]);
    }
    return inside / count;
}

// Upper edges in s of bins with equally many pixels.
std::vector<float> binEdges(const Planes& std) {
    std::vector<float> all;
    for (const auto& plane : std)
        all.insert(all.end(), plane.as<float>(), plane.as<float>() + plane.size());
    std::vector<float> edges;
    auto from = all.begin();
    for (int b = 1; b < kCalibrationBins; ++b) {
        const auto nth =
            all.begin() + static_cast<std::ptrdiff_t>(all.size() * b / kCalibrationBins);
        if (nth == all.end()) break;
        std::nth_element(from, nth, all.end());
        edges.push_back(*nth);
        from = nth;
    }
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    return edges;
}

void fitLine(Calibration& result) {
    double weight = 0, meanX = 0, meanY = 0;
    for (const auto& bin : result.bins) {
        weight += static_cast<double>(bin.count);
        meanX += static_cast<double>(bin.count) * bin.rmv;
        meanY += static_cast<double>(bin.count) * bin.rmse;
    }
    if (weight == 0) return;
    meanX /= weight;
    meanY /= weight;
    double xx = 0, xy = 0;
    for (const auto& bin : result.bins) {
        xx += static_cast<double>(bin.count) * (bin.rmv - meanX) * (bin.rmv - meanX);
        xy += static_cast<double>(bin.count) * (bin.rmv - meanX) * (bin.rmse - meanY);
    }
    // One s everywhere leaves no line to fit: then it is a factor.
    result.slope = xx > 0 ? xy / xx : (meanX > 0 ? meanY / meanX : 1);
    result.offset = meanY - result.slope * meanX;
}

}  // namespace

Calibration calibrate(const Planes& mean, const Planes& std, const Planes& truth, int samples) {
    requireMatching(mean, truth);
    requireMatching(std, truth);
    const double factor = samples > 0 ? std::sqrt(1 + 1.0 / samples) : 1;
    const auto edges = binEdges(std);
    std::vector<CalibrationBin> bins(edges.size() + 1);
    double squareS = 0, squareError = 0, inside68 = 0, inside90 = 0, count = 0;
    for (std::size_t p = 0; p < truth.size(); ++p) {
        const float *m = mean[p].as<float>(), *s = std[p].as<float>(), *t = truth[p].as<float>();
        for (std::int64_t i = 0; i < truth[p].size(); ++i) {
            const double sigma = factor * s[i];
            const double error = std::abs(static_cast<double>(m[i]) - t[i]);
            auto& bin = bins[static_cast<std::size_t>(
                std::upper_bound(edges.begin(), edges.end(), s[i]) - edges.begin())];
            bin.rmv += sigma * sigma;
            bin.rmse += error * error;
            ++bin.count;
            inside68 += error <= sigma;
            inside90 += error <= kZ90 * sigma;
        }
    }
    Calibration result;
    result.samples = samples;
    for (auto& bin : bins) {
        if (bin.count == 0) continue;
        squareS += bin.rmv;
        squareError += bin.rmse;
        count += static_cast<double>(bin.count);
        bin.rmv = std::sqrt(bin.rmv / static_cast<double>(bin.count));
        bin.rmse = std::sqrt(bin.rmse / static_cast<double>(bin.count));
        result.bins.push_back(bin);
    }
    result.spreadSkill = std::sqrt(squareS / squareError);
    result.coverage68 = inside68 / count;
    result.coverage90 = inside90 / count;
    fitLine(result);
    return result;
}

Calibration calibrate(const Planes& mean, const Planes& std, const Planes& truth,
                      const std::vector<Planes>& draws) {
    Calibration result = calibrate(mean, std, truth, static_cast<int>(draws.size()));
    result.coverage68FromSamples = spans(draws.size(), kTail68);
    result.coverage90FromSamples = spans(draws.size(), kTail90);
    const auto histogram = rankHistogram(draws, truth);
    if (result.coverage68FromSamples) result.coverage68 = rankCoverage(histogram, kTail68);
    if (result.coverage90FromSamples) result.coverage90 = rankCoverage(histogram, kTail90);
    return result;
}

std::vector<std::int64_t> rankHistogram(const std::vector<Planes>& draws, const Planes& truth) {
    for (const auto& draw : draws)
        requireMatching(draw, truth);
    std::vector<std::int64_t> histogram(draws.size() + 1, 0);
    std::uint32_t random = 1;
    for (std::size_t p = 0; p < truth.size(); ++p) {
        const float* t = truth[p].as<float>();
        for (std::int64_t i = 0; i < truth[p].size(); ++i) {
            std::size_t rank = 0, ties = 0;
            for (const auto& draw : draws) {
                const float value = draw[p].as<float>()[i];
                rank += value < t[i];
                ties += value == t[i];
            }
            if (ties > 0) {
                random = random * 1664525u + 1013904223u;  // Numerical Recipes' generator
                rank += (random >> 8) % (ties + 1);
            }
            ++histogram[rank];
        }
    }
    return histogram;
}

}  // namespace posteria::analysis
