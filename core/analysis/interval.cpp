#include "core/analysis/interval.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace posteria::analysis {

namespace {

// |mean - truth| / std of every pixel.
std::vector<float> errors(const Planes& mean, const Planes& std, const Planes& truth) {
    requireMatching(mean, truth);
    requireMatching(std, truth);
    std::vector<float> result;
    for (std::size_t p = 0; p < truth.size(); ++p) {
        const float *m = mean[p].as<float>(), *s = std[p].as<float>(), *t = truth[p].as<float>();
        for (std::int64_t i = 0; i < truth[p].size(); ++i) {
            const float error = std::abs(m[i] - t[i]);
            result.push_back(error == 0 ? 0 : error / s[i]);
        }
    }
    return result;
}

}  // namespace

double coverage(const Planes& mean, const Planes& std, const Planes& truth, double factor) {
    const auto all = errors(mean, std, truth);
    const auto inside = std::count_if(all.begin(), all.end(), [&](float e) { return e <= factor; });
    return static_cast<double>(inside) / static_cast<double>(all.size());
}

double intervalFactor(const Planes& mean, const Planes& std, const Planes& truth, double share) {
    auto all = errors(mean, std, truth);
    const double wanted = std::ceil(share * static_cast<double>(all.size()) - 1e-6);  // pixels
    const auto last = all.begin() +
                      std::clamp<std::int64_t>(static_cast<std::int64_t>(wanted), 1,
                                               static_cast<std::int64_t>(all.size())) -
                      1;
    std::nth_element(all.begin(), last, all.end());
    return *last;
}

double conformalFactor(const Planes& mean, const Planes& std, const Planes& truth, double share) {
    const auto n = static_cast<double>(truth.size());
    const double missed = ((1 - share) * (n + 1) - 1) / n;
    return missed < -1e-12 ? std::numeric_limits<double>::infinity()
                           : intervalFactor(mean, std, truth, 1 - missed);
}

}  // namespace posteria::analysis
