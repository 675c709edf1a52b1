#include "core/analysis/dice.h"

#include "core/analysis/thresholds.h"

namespace posteria::analysis {

double dice(const Planes& estimate, const Planes& truth) {
    requireMatching(estimate, truth);
    const double ofEstimate = otsuThreshold(estimate), ofTruth = otsuThreshold(truth);
    std::int64_t either = 0, both = 0;
    for (std::size_t k = 0; k < truth.size(); ++k) {
        const auto *e = estimate[k].as<float>(), *t = truth[k].as<float>();
        for (std::int64_t i = 0; i < truth[k].size(); ++i) {
            const bool inEstimate = static_cast<double>(e[i]) > ofEstimate,
                       inTruth = static_cast<double>(t[i]) > ofTruth;
            either += inEstimate + inTruth;
            both += inEstimate && inTruth;
        }
    }
    return either == 0 ? 1 : 2 * static_cast<double>(both) / static_cast<double>(either);
}

}  // namespace posteria::analysis
