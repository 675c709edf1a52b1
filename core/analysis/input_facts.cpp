#include "core/analysis/input_facts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <vector>

namespace posteria::analysis {

namespace {

constexpr double kNormalMedian = 0.6745;  // of |x|, in standard deviations
constexpr double kAveraged = 25;          // pixels in smoothed()'s means
constexpr double kPiledUp = 3;            // times as many as at the next lower value

double quantileOf(std::vector<float> values, double q) {
    const auto at =
        values.begin() + static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

// Mean of 5 x 5 pixels, at the edge of those that are there.
std::vector<float> smoothed(const float* p, std::int64_t width, std::int64_t height) {
    constexpr std::int64_t kReach = 2;
    std::vector<float> rows(static_cast<std::size_t>(width * height)), result(rows.size());
    const auto average = [](std::int64_t at, std::int64_t size, auto value) {
        const auto from = std::max<std::int64_t>(at - kReach, 0),
                   to = std::min(at + kReach, size - 1);
        double sum = 0;
        for (auto i = from; i <= to; ++i)
            sum += value(i);
        return static_cast<float>(sum / static_cast<double>(to - from + 1));
    };
    for (std::int64_t y = 0; y < height; ++y) {
        for (std::int64_t x = 0; x < width; ++x)
            rows[static_cast<std::size_t>(y * width + x)] =
                average(x, width, [&](std::int64_t i) { return p[y * width + i]; });
    }
    for (std::int64_t y = 0; y < height; ++y) {
        for (std::int64_t x = 0; x < width; ++x)
            result[static_cast<std::size_t>(y * width + x)] = average(
                y, height,
                [&](std::int64_t i) { return rows[static_cast<std::size_t>(i * width + x)]; });
    }
    return result;
}

}  // namespace

double saturatedShare(const image::Plane& plane) {
    if (image::isFloat(plane.type()) || plane.empty()) return 0;
    return image::visit(plane, [&](const auto* p) {
        using T = std::decay_t<decltype(*p)>;
        const auto* end = p + plane.size();
        const T largest = *std::max_element(p, end);
        std::int64_t at = 0, nextAt = 0;
        T next = std::numeric_limits<T>::lowest();
        for (const auto* v = p; v != end; ++v) {
            if (*v == largest) {
                ++at;
            } else if (*v > next) {
                next = *v;
                nextAt = 1;
            } else if (*v == next) {
                ++nextAt;
            }
        }
        const bool limit = largest == std::numeric_limits<T>::max();
        const bool alike = nextAt == 0;  // a plane of one value
        if (!limit && (alike || static_cast<double>(at) < kPiledUp * static_cast<double>(nextAt)))
            return 0.0;
        return static_cast<double>(at) / static_cast<double>(plane.size());
    });
}

InputFacts inputFacts(const image::Plane& plane, const CameraNoise& camera) {
    InputFacts facts;
    facts.saturated = saturatedShare(plane);
    facts.noiseRatio = facts.contrast = std::numeric_limits<double>::quiet_NaN();
    if (plane.empty()) return facts;
    const image::Plane grey = plane.toFloat();
    const float* p = grey.as<float>();
    const auto width = grey.width(), height = grey.height();
    facts.bright = quantileOf({p, p + grey.size()}, 0.999) - camera.offset;
    if (std::min(width, height) < 3 || !(camera.variance > 0)) return facts;
    const auto light = smoothed(p, width, height);
    std::vector<float> ratios;
    ratios.reserve(light.size());
    for (std::int64_t y = 1; y + 1 < height; ++y) {
        for (std::int64_t x = 1; x + 1 < width; ++x) {
            const float* c = p + y * width + x;
            const double difference = (c[-width - 1] + c[-width + 1] + c[width - 1] + c[width + 1] -
                                       2.0 * (c[-width] + c[width] + c[-1] + c[1]) + 4.0 * c[0]) /
                                      6;
            const double above =
                std::max(light[static_cast<std::size_t>(y * width + x)] - camera.offset, 0.0);
            ratios.push_back(static_cast<float>(std::abs(difference) /
                                                std::sqrt(camera.variance + camera.gain * above)));
        }
    }
    facts.noiseRatio = quantileOf(ratios, 0.5) / kNormalMedian;
    double mean = 0, square = 0, noise = 0;
    for (const float l : light) {
        mean += l;
        square += static_cast<double>(l) * l;
        noise += camera.variance + camera.gain * std::max(l - camera.offset, 0.0);
    }
    const auto count = static_cast<double>(light.size());
    mean /= count;
    const double alone = noise / count * facts.noiseRatio * facts.noiseRatio / kAveraged;
    facts.contrast = alone > 0 ? std::sqrt(std::max(square / count - mean * mean, 0.0) / alone) : 0;
    return facts;
}

}  // namespace posteria::analysis
