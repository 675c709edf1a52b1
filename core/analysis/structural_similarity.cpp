#include "core/analysis/structural_similarity.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace posteria::analysis {

namespace {

constexpr int kRadius = 5, kTaps = 2 * kRadius + 1;
constexpr double kSigma = 1.5, kK1 = 0.01, kK2 = 0.03;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

using Field = std::vector<double>;

struct Image {
    std::int64_t height = 0, width = 0;
    Field pixels;
};

Image toImage(const image::Plane& plane, double offset = 0, double divisor = 1) {
    Image out{plane.height(), plane.width(), Field(static_cast<std::size_t>(plane.size()))};
    std::transform(plane.as<float>(), plane.as<float>() + plane.size(), out.pixels.begin(),
                   [&](float v) { return (v - offset) / divisor; });
    return out;
}

std::array<double, kTaps> gaussianTaps() {
    std::array<double, kTaps> taps{};
    double sum = 0;
    for (int i = 0; i < kTaps; ++i) {
        taps[i] = std::exp(-0.5 * (i - kRadius) * (i - kRadius) / (kSigma * kSigma));
        sum += taps[i];
    }
    for (double& tap : taps)
        tap /= sum;
    return taps;
}

// Local means where the whole window lies inside: (height - 10) × (width - 10).
Field localMeans(const Field& pixels, std::int64_t height, std::int64_t width) {
    static const auto taps = gaussianTaps();
    const auto outWidth = width - 2 * kRadius, outHeight = height - 2 * kRadius;
    Field rows(static_cast<std::size_t>(height * outWidth), 0.0);
    for (std::int64_t y = 0; y < height; ++y) {
        double* out = rows.data() + y * outWidth;
        for (int k = 0; k < kTaps; ++k) {
            const double* in = pixels.data() + y * width + k;
            for (std::int64_t x = 0; x < outWidth; ++x)
                out[x] += taps[k] * in[x];
        }
    }
    Field result(static_cast<std::size_t>(outHeight * outWidth), 0.0);
    for (std::int64_t y = 0; y < outHeight; ++y) {
        double* out = result.data() + y * outWidth;
        for (int k = 0; k < kTaps; ++k) {
            const double* in = rows.data() + (y + k) * outWidth;
            for (std::int64_t x = 0; x < outWidth; ++x)
                out[x] += taps[k] * in[x];
        }
    }
    return result;
}

// Local means, variances and covariance of truth (x) and estimate (y).
struct Terms {
    Field ux, uy, vx, vy, vxy;
};

Terms localTerms(const Image& truth, const Image& estimate, Covariance covariance) {
    const auto means = [&](const Field& field) {
        return localMeans(field, truth.height, truth.width);
    };
    const auto product = [](const Field& a, const Field& b) {
        Field out(a.size());
        std::transform(a.begin(), a.end(), b.begin(), out.begin(), std::multiplies<>());
        return out;
    };
    Terms t{means(truth.pixels), means(estimate.pixels), means(product(truth.pixels, truth.pixels)),
            means(product(estimate.pixels, estimate.pixels)),
            means(product(truth.pixels, estimate.pixels))};
    constexpr double kCount = kTaps * kTaps;
    const double norm = covariance == Covariance::Sample ? kCount / (kCount - 1) : 1.0;
    for (std::size_t i = 0; i < t.ux.size(); ++i) {
        t.vx[i] = norm * (t.vx[i] - t.ux[i] * t.ux[i]);
        t.vy[i] = norm * (t.vy[i] - t.uy[i] * t.uy[i]);
        t.vxy[i] = norm * (t.vxy[i] - t.ux[i] * t.uy[i]);
    }
    return t;
}

struct Means {
    double ssim = 0, structure = 0;  // structure: the contrast-structure factor alone
};

// Mean over the plane with the estimate multiplied by `scale`.
Means meanSimilarity(const Terms& t, double dataRange, double scale = 1) {
    const double c1 = std::pow(kK1 * dataRange, 2), c2 = std::pow(kK2 * dataRange, 2);
    Means sum;
    for (std::size_t i = 0; i < t.ux.size(); ++i) {
        const double structure =
            (2 * scale * t.vxy[i] + c2) / (t.vx[i] + scale * scale * t.vy[i] + c2);
        const double luminance = (2 * scale * t.ux[i] * t.uy[i] + c1) /
                                 (t.ux[i] * t.ux[i] + scale * scale * t.uy[i] * t.uy[i] + c1);
        sum.structure += structure;
        sum.ssim += structure * luminance;
    }
    const auto n = static_cast<double>(t.ux.size());
    return {sum.ssim / n, sum.structure / n};
}

// Every nth window, so that about `count` are left.
Terms thinned(Terms terms, std::size_t count) {
    const std::size_t step = std::max<std::size_t>(1, terms.ux.size() / count);
    for (Field* field : {&terms.ux, &terms.uy, &terms.vx, &terms.vy, &terms.vxy}) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < field->size(); i += step)
            (*field)[kept++] = (*field)[i];
        field->resize(kept);
        field->shrink_to_fit();
    }
    return terms;
}

bool tooSmall(std::int64_t height, std::int64_t width) {
    return std::min(height, width) < kTaps;
}

Image halved(const Image& in) {
    Image out{in.height / 2, in.width / 2, {}};
    out.pixels.resize(static_cast<std::size_t>(out.height * out.width));
    for (std::int64_t y = 0; y < out.height; ++y) {
        const double* a = in.pixels.data() + 2 * y * in.width;
        const double* b = a + in.width;
        for (std::int64_t x = 0; x < out.width; ++x) {
            out.pixels[y * out.width + x] =
                0.25 * (a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1]);
        }
    }
    return out;
}

// As numpy.percentile with linear interpolation, over all planes.
double percentile(const Planes& planes, double percent) {
    std::vector<float> all;
    for (const auto& plane : planes)
        all.insert(all.end(), plane.as<float>(), plane.as<float>() + plane.size());
    const double position = percent / 100 * static_cast<double>(all.size() - 1);
    const auto below = static_cast<std::ptrdiff_t>(position);
    std::nth_element(all.begin(), all.begin() + below, all.end());
    const double low = all[static_cast<std::size_t>(below)];
    if (below + 1 == static_cast<std::ptrdiff_t>(all.size())) return low;
    const double high = *std::min_element(all.begin() + below + 1, all.end());
    return low + (position - static_cast<double>(below)) * (high - low);
}

// The largest value of f near the largest of a coarse scan of [1/64, 64]; golden section on
// log(scale).
template <class F>
double bestScale(F&& f) {
    constexpr int kSteps = 24;
    const double range = std::log(64.0), step = 2 * range / kSteps;
    double best = 0, bestValue = f(1.0);
    for (int i = 0; i <= kSteps; ++i) {
        const double x = -range + i * step, value = f(std::exp(x));
        if (value > bestValue) best = x, bestValue = value;
    }
    const double golden = 0.5 * (std::sqrt(5.0) - 1);
    double a = best - step, b = best + step;
    double c = b - golden * (b - a), d = a + golden * (b - a);
    double fc = f(std::exp(c)), fd = f(std::exp(d));
    while (b - a > 1e-6) {
        if (fc > fd) {
            b = d, d = c, fd = fc;
            c = b - golden * (b - a), fc = f(std::exp(c));
        } else {
            a = c, c = d, fc = fd;
            d = a + golden * (b - a), fd = f(std::exp(d));
        }
    }
    return std::exp(0.5 * (a + b));
}

// MS-SSIM of truth x and estimate y.
double multiScale(Image x, Image y, double dataRange) {
    constexpr std::array<double, 5> kWeights = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};
    if (tooSmall(x.height, x.width)) return kNaN;
    double logProduct = 0, weights = 0;
    for (std::size_t scale = 0; scale < kWeights.size(); ++scale) {
        const bool last = scale + 1 == kWeights.size() || tooSmall(x.height / 2, x.width / 2);
        const Means means = meanSimilarity(localTerms(x, y, Covariance::Population), dataRange);
        const double term = last ? means.ssim : means.structure;
        if (term <= 0) return 0;
        logProduct += kWeights[scale] * std::log(term);
        weights += kWeights[scale];
        if (last) break;
        x = halved(x);
        y = halved(y);
    }
    return std::exp(logProduct / weights);
}

}  // namespace

double ssim(const image::Plane& estimate, const image::Plane& truth, double dataRange,
            Covariance covariance) {
    requireMatching({estimate}, {truth});
    if (tooSmall(truth.height(), truth.width())) return kNaN;
    return meanSimilarity(localTerms(toImage(truth), toImage(estimate), covariance), dataRange)
        .ssim;
}

double msSsim(const image::Plane& estimate, const image::Plane& truth, double dataRange) {
    requireMatching({estimate}, {truth});
    return multiScale(toImage(truth), toImage(estimate), dataRange);
}

MicroSsim microSsim(const Planes& estimate, const Planes& truth) {
    requireMatching(estimate, truth);
    if (tooSmall(truth[0].height(), truth[0].width())) return {kNaN, kNaN, 1};
    const double offsetTruth = percentile(truth, 3), offsetEstimate = percentile(estimate, 3);
    const auto [low, high] = valueRange(truth);
    const double largest = high - offsetTruth;
    if (!(largest > 0)) return {kNaN, kNaN, 1};
    const double dataRange = (high - low) / largest;
    const auto image = [&](std::size_t plane) {
        return toImage(truth[plane], offsetTruth, largest);
    };
    const auto estimated = [&](std::size_t plane, double factor) {
        return toImage(estimate[plane], offsetEstimate, largest / factor);
    };
    const auto terms = [&](std::size_t plane) {
        return localTerms(image(plane), estimated(plane, 1), Covariance::Sample);
    };
    constexpr std::size_t kFitPlanes = 8, kFitWindows = 1 << 19;
    const std::size_t fitCount = std::min(kFitPlanes, truth.size());
    std::vector<Terms> fit;
    for (std::size_t i = 0; i < fitCount; ++i) {
        fit.push_back(thinned(terms(i * truth.size() / fitCount), kFitWindows / fitCount));
    }
    const double scale = bestScale([&](double a) {
        double sum = 0;
        for (const auto& t : fit)
            sum += meanSimilarity(t, dataRange, a).ssim;
        return sum;
    });
    double sum = 0, multi = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        sum += meanSimilarity(terms(i), dataRange, scale).ssim;
        multi += multiScale(image(i), estimated(i, scale), dataRange);
    }
    const auto count = static_cast<double>(truth.size());
    return {sum / count, multi / count, scale};
}

}  // namespace posteria::analysis
