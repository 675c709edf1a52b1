#include "core/engine/severity.h"

#include <algorithm>

#include "core/analysis/monotone_curve.h"
#include "core/engine/signal_tiles.h"
#include "core/tensor/convert.h"
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

std::vector<double> stackSeverities(const nn::Model& model, const Plan& plan,
                                    const image::Stack& input, std::int64_t channel,
                                    const c10::Device& device, const CancelToken& token) {
    std::vector<double> estimates;
    for (const auto p : plan.planesToJudge(channel)) {
        const at::Tensor whole = tensor::fromPlane(input.readPlane(plan.planes[p]));
        const auto& r = plan.roi;
        const at::Tensor y =
            nn::Normalisation::of(whole, model.package())
                .input(whole.slice(0, r.y, r.y + r.height).slice(1, r.x, r.x + r.width));
        const auto tiles = tileSeverities(model, y.unsqueeze(0).unsqueeze(0).to(device), token);
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
