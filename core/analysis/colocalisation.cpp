#include "core/analysis/colocalisation.h"

#include <cmath>
#include <limits>
#include <numeric>

#include "core/analysis/metrics.h"

namespace posteria::analysis {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double pearsonOf(const image::Plane& a, const image::Plane& b) {
    const auto n = a.size();
    const float *p = a.as<float>(), *q = b.as<float>();
    const double meanA = std::accumulate(p, p + n, 0.0) / static_cast<double>(n);
    const double meanB = std::accumulate(q, q + n, 0.0) / static_cast<double>(n);
    double aa = 0, bb = 0, ab = 0;
    for (std::int64_t i = 0; i < n; ++i) {
        const double u = static_cast<double>(p[i]) - meanA, v = static_cast<double>(q[i]) - meanB;
        aa += u * u;
        bb += v * v;
        ab += u * v;
    }
    return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : kNone;
}

// The share of the image's intensity in `objects` that lies in `others`.
double mandersOf(const image::Plane& image, const Labelling& objects,
                 const std::vector<char>& others) {
    double all = 0, both = 0;
    for (const auto& run : objects.runs) {
        const auto first = run.y * objects.width;
        for (auto i = first + run.begin; i < first + run.end; ++i) {
            const double value = static_cast<double>(image.as<float>()[i]);
            all += value;
            if (others[static_cast<std::size_t>(i)]) both += value;
        }
    }
    return all > 0 ? both / all : kNone;
}

std::vector<char> maskOf(const Labelling& objects) {
    std::vector<char> mask(static_cast<std::size_t>(objects.width * objects.height));
    for (const auto& run : objects.runs) {
        const auto row = mask.begin() + run.y * objects.width;
        std::fill(row + run.begin, row + run.end, 1);
    }
    return mask;
}

}  // namespace

Colocalisation colocalise(const image::Plane& a, const Labelling& objectsA, const image::Plane& b,
                          const Labelling& objectsB) {
    requireMatching({a}, {b});
    return {pearsonOf(a, b), mandersOf(a, objectsA, maskOf(objectsB)),
            mandersOf(b, objectsB, maskOf(objectsA))};
}

}  // namespace posteria::analysis
