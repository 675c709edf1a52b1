#include "core/engine/severity.h"

#include <algorithm>

#include "core/analysis/monotone_curve.h"
#include "core/image/tile_grid.h"
#include "core/tensor/torch_compat.h"

namespace posteria::engine {

namespace {

// Standard deviation of a tile over that of its plane, below which it holds next to nothing.
constexpr double kEmpty = 0.3;

}  // namespace

std::vector<double> tileSeverities(const nn::Model& model, const at::Tensor& plane,
                                   const CancelToken& token) {
    const image::TileGrid grid(plane.size(2), plane.size(3), model.package().tile, 0);
    std::vector<at::Tensor> tiles;
    std::vector<double> contrast;
    for (const auto& tile : grid.tiles()) {
        const auto& v = tile.visible;
        // What hangs over the end of the plane by more than half says little.
        if (2 * v.width < grid.tileWidth() || 2 * v.height < grid.tileHeight()) continue;
        tiles.push_back(plane.slice(2, v.y, v.y + v.height).slice(3, v.x, v.x + v.width));
        contrast.push_back(tiles.back().std(false).item<double>());
    }
    const double least = std::min(kEmpty, *std::max_element(contrast.begin(), contrast.end()));
    std::vector<double> estimates;
    for (std::size_t i = 0; i < tiles.size(); ++i) {
        if (contrast[i] < least) continue;
        token.throwIfCancelled();
        estimates.push_back(model.severity(tiles[i]).item<double>());
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
