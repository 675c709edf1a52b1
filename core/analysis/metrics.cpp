#include "core/analysis/metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.h"

namespace posteria::analysis {

namespace {

// f(estimate, truth) for every pixel, as doubles.
template <class F>
void forEachPair(const Planes& estimate, const Planes& truth, F&& f) {
    for (std::size_t i = 0; i < truth.size(); ++i) {
        const float* e = estimate[i].as<float>();
        const float* t = truth[i].as<float>();
        for (std::int64_t k = 0; k < truth[i].size(); ++k) {
            f(static_cast<double>(e[k]), static_cast<double>(t[k]));
        }
    }
}

double pixelCount(const Planes& planes) {
    return static_cast<double>(planes.front().size()) * static_cast<double>(planes.size());
}

double decibels(double range, double meanSquare) {
    if (meanSquare == 0) return std::numeric_limits<double>::infinity();
    return 10 * std::log10(range * range / meanSquare);
}

}  // namespace

void requireMatching(const Planes& a, const Planes& b) {
    bool match = !a.empty() && a.size() == b.size();
    for (std::size_t i = 0; match && i < a.size(); ++i) {
        match = a[i].width() == a[0].width() && a[i].height() == a[0].height() &&
                b[i].width() == a[0].width() && b[i].height() == a[0].height() && !a[i].empty() &&
                a[i].type() == image::PixelType::Float32 &&
                b[i].type() == image::PixelType::Float32;
    }
    if (!match) throw Error(ErrorKind::Usage, "The images to compare differ in size or type.");
}

std::array<double, 2> valueRange(const Planes& planes) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const auto& plane : planes) {
        const auto [a, b] =
            std::minmax_element(plane.as<float>(), plane.as<float>() + plane.size());
        low = std::min<double>(low, *a);
        high = std::max<double>(high, *b);
    }
    return {low, high};
}

double meanSquaredError(const Planes& estimate, const Planes& truth) {
    requireMatching(estimate, truth);
    double sum = 0;
    forEachPair(estimate, truth, [&](double e, double t) { sum += (e - t) * (e - t); });
    return sum / pixelCount(truth);
}

double psnr(const Planes& estimate, const Planes& truth) {
    const double error = meanSquaredError(estimate, truth);
    const auto [low, high] = valueRange(truth);
    return decibels(high - low, error);
}

double rangeInvariantPsnr(const Planes& estimate, const Planes& truth) {
    requireMatching(estimate, truth);
    const double n = pixelCount(truth);
    double meanE = 0, meanT = 0;
    forEachPair(estimate, truth, [&](double e, double t) { meanE += e, meanT += t; });
    meanE /= n;
    meanT /= n;
    double ee = 0, et = 0;
    forEachPair(estimate, truth, [&](double e, double t) {
        ee += (e - meanE) * (e - meanE);
        et += (e - meanE) * (t - meanT);
    });
    const double scale = ee > 0 ? et / ee : 0;
    double sum = 0;
    forEachPair(estimate, truth, [&](double e, double t) {
        const double error = (t - meanT) - scale * (e - meanE);
        sum += error * error;
    });
    const auto [low, high] = valueRange(truth);
    return decibels(high - low, sum / n);
}

double nrmse(const Planes& estimate, const Planes& truth) {
    const double error = meanSquaredError(estimate, truth);
    double square = 0;
    forEachPair(estimate, truth, [&](double, double t) { square += t * t; });
    return std::sqrt(error / (square / pixelCount(truth)));
}

std::vector<double> psnrVsCount(const std::vector<Planes>& samples, const Planes& truth) {
    const auto [low, high] = valueRange(truth);
    std::vector<double> errors(samples.size());
    std::vector<double> sum;
    for (const auto& sample : samples)
        requireMatching(sample, truth);
    // Plane by plane, so that one plane of running sums is all the memory it takes.
    for (std::size_t p = 0; p < truth.size(); ++p) {
        const float* t = truth[p].as<float>();
        const auto size = static_cast<std::size_t>(truth[p].size());
        sum.assign(size, 0);
        for (std::size_t k = 0; k < samples.size(); ++k) {
            const float* s = samples[k][p].as<float>();
            const double weight = 1.0 / static_cast<double>(k + 1);
            for (std::size_t i = 0; i < size; ++i) {
                sum[i] += s[i];
                const double error = sum[i] * weight - t[i];
                errors[k] += error * error;
            }
        }
    }
    for (double& error : errors)
        error = decibels(high - low, error / pixelCount(truth));
    return errors;
}

}  // namespace posteria::analysis
