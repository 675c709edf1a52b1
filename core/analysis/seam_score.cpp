#include "core/analysis/seam_score.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace posteria::analysis {

namespace {

constexpr std::int64_t kSegment = 16;  // pixels along the seam
constexpr std::int64_t kReach = 2;     // pixels to either side of it

// The plane seen along one axis: `across` counts over the seams, `along` follows them.
struct Axis {
    const float* data;
    std::int64_t across, along, strideAcross, strideAlong;

    // Mean absolute difference of neighbours within reach of `position`, over one segment.
    double gradient(std::int64_t position, std::int64_t first) const {
        double sum = 0;
        for (std::int64_t a = first; a < first + kSegment; ++a) {
            const float* line = data + a * strideAlong;
            for (auto p = position - kReach; p < position + kReach; ++p) {
                sum += std::abs(static_cast<double>(line[p * strideAcross]) -
                                line[(p - 1) * strideAcross]);
            }
        }
        return sum / static_cast<double>(2 * kReach * kSegment);
    }
    bool inside(std::int64_t position) const {
        return position - kReach >= 1 && position + kReach <= across;
    }
};

struct Pair {
    double border, centre;
};

void collect(const Axis& axis, std::vector<std::int64_t> seams, std::vector<Pair>& pairs) {
    std::sort(seams.begin(), seams.end());
    for (std::size_t i = 0; i < seams.size(); ++i) {
        // Each border is paired with one neighbouring centre, in turns the one before and the one
        // after: an average of both would scatter less than a border does, and the pair could not
        // be swapped.
        const auto before = i > 0 ? seams[i - 1] : 0;
        const auto after = i + 1 < seams.size() ? seams[i + 1] : axis.across;
        for (std::int64_t first = 0, turn = 0; first + kSegment <= axis.along;
             first += kSegment, ++turn) {
            const auto centre = turn % 2 == 0 ? (before + seams[i]) / 2 : (after + seams[i]) / 2;
            if (!axis.inside(seams[i]) || !axis.inside(centre)) continue;
            if (std::abs(centre - seams[i]) < 2 * kReach) continue;
            pairs.push_back({axis.gradient(seams[i], first), axis.gradient(centre, first)});
        }
    }
}

}  // namespace

SeamScore seamScore(const image::Plane& plane, const std::vector<std::int64_t>& verticalSeams,
                    const std::vector<std::int64_t>& horizontalSeams, int permutations,
                    std::uint32_t seed) {
    const auto width = plane.width(), height = plane.height();
    std::vector<Pair> pairs;
    collect({plane.as<float>(), width, height, 1, width}, verticalSeams, pairs);
    collect({plane.as<float>(), height, width, width, 1}, horizontalSeams, pairs);
    SeamScore result;
    result.pairs = static_cast<int>(pairs.size());
    double total = 0;
    for (const auto& pair : pairs)
        total += pair.border + pair.centre;
    if (!(total > 0)) return result;

    // A flat background has no gradient at all; a small floor keeps its logarithm from ruling.
    const double floor = 1e-3 * total / (2 * static_cast<double>(pairs.size()));
    std::vector<double> logRatios;
    double observed = 0;
    for (const auto& pair : pairs) {
        logRatios.push_back(std::log((pair.border + floor) / (pair.centre + floor)));
        observed += logRatios.back();
    }
    std::mt19937 random(seed);
    int asLarge = 0;
    for (int i = 0; i < permutations; ++i) {
        double sum = 0;
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < logRatios.size(); ++k) {
            if (k % 32 == 0) bits = static_cast<std::uint32_t>(random());
            sum += bits & 1u ? logRatios[k] : -logRatios[k];
            bits >>= 1;
        }
        asLarge += sum >= observed;
    }
    result.ratio = std::exp(observed / static_cast<double>(logRatios.size()));
    result.pValue = (1.0 + asLarge) / (1.0 + permutations);
    return result;
}

}  // namespace posteria::analysis
