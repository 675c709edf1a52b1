#include "core/engine/severity.h"

#include <algorithm>

#include "core/analysis/monotone_curve.h"
#include "core/engine/signal_tiles.h"
#include "core/tensor/torch_compat.h"

namespace posteria::engine {

std::vector<double> tileSeverities(const nn::Model& model, const at::Tensor& plane,
                                   const CancelToken& token) {
    std::vector<double> estimates;
    for (const auto& tile : tilesWithSignal(plane, model.package().tile)) {
        token.throwIfCancelled();
        estimates.push_back(model.severity(tile).item<double>());
    }
    return estimates;
}

std::vector<double> stackSeverities(const nn::Model& model, const Plan& plan, InputPlanes& input,
                                    std::int64_t channel, const c10::Device& device,
                                    const CancelToken& token) {
    std::vector<double> estimates;
    for (const auto p : plan.planesToJudge(channel)) {
        const at::Tensor y = input.readJudged(plan.planes[p]).unsqueeze(0).to(device);
        const auto tiles = tileSeverities(model, y, token);
        estimates.insert(estimates.end(), tiles.begin(), tiles.end());
    }
    return estimates;
}

double aggregatedSeverity(std::vector<double> estimates, const package::ModelPackage& package) {
    const auto middle = estimates.begin() + static_cast<std::ptrdiff_t>(estimates.size() / 2);
    std::nth_element(estimates.begin(), middle, estimates.end());
    if (package.severityCurve.empty()) return *middle;
    analysis::MonotoneCurve curve;
    for (const auto& point : package.severityCurve) {
        curve.from.push_back(point[0]);
        curve.to.push_back(point[1]);
    }
    return curve.at(*middle);
}

}  // namespace posteria::engine
