#include "core/engine/signal_tiles.h"

#include <algorithm>

#include "core/image/tile_grid.h"
#include "core/tensor/torch_compat.h"

namespace posteria::engine {

namespace {

// Standard deviation of a tile over that of its plane, below which it holds next to nothing.
constexpr double kEmpty = 0.3;

}  // namespace

std::vector<at::Tensor> tilesWithSignal(const at::Tensor& plane, int side) {
    const image::TileGrid grid(plane.size(2), plane.size(3), side, 0);
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
    std::vector<at::Tensor> result;
    for (std::size_t i = 0; i < tiles.size(); ++i)
        if (contrast[i] >= least) result.push_back(tiles[i]);
    return result;
}

std::vector<at::Tensor> comparableTiles(const at::Tensor& plane, int side) {
    const std::int64_t rows = std::min<std::int64_t>(side, plane.size(2));
    const std::int64_t columns = std::min<std::int64_t>(side, plane.size(3));
    if (2 * rows < side || 2 * columns < side) return {};
    std::vector<at::Tensor> result;
    for (const auto& tile : tilesWithSignal(plane, side)) {
        if (tile.size(2) != rows || tile.size(3) != columns) continue;
        const auto below = side - rows, right = side - columns;
        result.push_back(at::reflection_pad2d(
            tile, {right / 2, right - right / 2, below / 2, below - below / 2}));
    }
    return result;
}

}  // namespace posteria::engine
