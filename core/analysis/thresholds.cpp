#include "core/analysis/thresholds.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace posteria::analysis {

namespace {

constexpr int kBins = 256;

struct Histogram {
    double low = 0, width = 0;  // of the first bin's lower edge, of a bin
    std::array<double, kBins> counts{};

    double middle(int bin) const { return low + (bin + 0.5) * width; }
};

Histogram histogramOf(const Planes& planes) {
    const auto [low, high] = valueRange(planes);
    Histogram h{low, (high - low) / kBins};
    if (!(low < high)) return h;
    for (const auto& plane : planes) {
        const float* p = plane.as<float>();
        for (std::int64_t i = 0; i < plane.size(); ++i) {
            const auto bin = static_cast<int>((static_cast<double>(p[i]) - low) / h.width);
            ++h.counts[static_cast<std::size_t>(std::min(bin, kBins - 1))];
        }
    }
    return h;
}

}  // namespace

double otsuThreshold(const Planes& planes) {
    const Histogram h = histogramOf(planes);
    double all = 0, sum = 0;
    for (int b = 0; b < kBins; ++b) {
        all += h.counts[b];
        sum += h.counts[b] * h.middle(b);
    }
    double below = 0, sumBelow = 0, most = -1, threshold = h.low;
    for (int b = 0; b + 1 < kBins; ++b) {
        below += h.counts[b];
        sumBelow += h.counts[b] * h.middle(b);
        const double above = all - below;
        const double apart = sumBelow / below - (sum - sumBelow) / above;
        const double between = below * above * apart * apart;
        if (between > most) {
            most = between;
            threshold = h.middle(b);
        }
    }
    return threshold;
}

double liThreshold(const Planes& planes) {
    const auto [low, high] = valueRange(planes);
    if (!(low < high)) return low;
    double all = 0, sum = 0;
    for (const auto& plane : planes) {
        const float* p = plane.as<float>();
        for (std::int64_t i = 0; i < plane.size(); ++i)
            sum += static_cast<double>(p[i]) - low;
        all += static_cast<double>(plane.size());
    }
    constexpr int kMostSteps = 200;
    const double tolerance = 1e-6 * (high - low);
    double threshold = sum / all;
    for (int step = 0; step < kMostSteps; ++step) {
        double above = 0, sumAbove = 0;
        for (const auto& plane : planes) {
            const float* p = plane.as<float>();
            for (std::int64_t i = 0; i < plane.size(); ++i) {
                const double value = static_cast<double>(p[i]) - low;
                const bool isAbove = value > threshold;
                above += isAbove;
                sumAbove += isAbove ? value : 0;
            }
        }
        const double meanAbove = sumAbove / above, meanBelow = (sum - sumAbove) / (all - above);
        // Nothing but the smallest value below: the logarithm has no bound there.
        if (!(meanBelow > 0)) break;
        const double next = (meanBelow - meanAbove) / (std::log(meanBelow) - std::log(meanAbove));
        const bool done = std::abs(next - threshold) <= tolerance;
        threshold = next;
        if (done) break;
    }
    return low + threshold;
}

double triangleThreshold(const Planes& planes) {
    Histogram h = histogramOf(planes);
    if (!(h.width > 0)) return h.low;
    const auto peakAt = [&] {
        return static_cast<int>(std::max_element(h.counts.begin(), h.counts.end()) -
                                h.counts.begin());
    };
    // The first and the last bin hold the smallest and the largest value. The line runs from the
    // first one up to the peak; where the tail is on the right, the histogram is turned.
    const bool turned = peakAt() < kBins - 1 - peakAt();
    int peak = peakAt();
    if (turned) {
        std::reverse(h.counts.begin(), h.counts.end());
        peak = kBins - 1 - peak;
    }
    // height * x - peak * y is the distance from the line, times its length.
    const double height = h.counts[static_cast<std::size_t>(peak)];
    int deepest = 0;
    double most = 0;
    for (int b = 0; b < peak; ++b) {
        const double depth = height * b - peak * h.counts[static_cast<std::size_t>(b)];
        if (depth > most) {
            most = depth;
            deepest = b;
        }
    }
    return h.middle(turned ? kBins - 1 - deepest : deepest);
}

}  // namespace posteria::analysis
