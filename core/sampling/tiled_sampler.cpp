#include "core/sampling/tiled_sampler.h"

#include <algorithm>

#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"

namespace posteria::sampling {

namespace {

std::vector<std::int64_t> reflected(std::int64_t start, std::int64_t count, std::int64_t size) {
    std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) indices[i] = image::reflectIndex(start + i, size);
    return indices;
}

// A [C, h, w] piece of a [C, H, W] frame, continued by reflection outside it.
at::Tensor crop(const at::Tensor& frame, const image::Tile& tile) {
    const auto& r = tile.rect;
    if (r == tile.visible) return frame.slice(1, r.y, r.y + r.height).slice(2, r.x, r.x + r.width);
    const auto rows = at::tensor(reflected(r.y, r.height, frame.size(1)), at::kLong);
    const auto columns = at::tensor(reflected(r.x, r.width, frame.size(2)), at::kLong);
    return frame.index_select(1, rows).index_select(2, columns);
}

at::Tensor cropAll(const at::Tensor& frame, const image::Tile* begin, const image::Tile* end) {
    std::vector<at::Tensor> pieces;
    for (auto* tile = begin; tile != end; ++tile) pieces.push_back(crop(frame, *tile));
    return at::stack(pieces);
}

// Adds a [C, h, w] tile to the sum, weighted.
void blend(const at::Tensor& result, const image::TileGrid& grid, const image::Tile& tile, at::Tensor& sum,
           at::Tensor& weight) {
    auto rows = grid.rowWeights(tile), columns = grid.columnWeights(tile);
    const at::Tensor w = at::outer(at::tensor(rows), at::tensor(columns));
    const auto& v = tile.visible;
    const auto top = v.y - tile.rect.y, left = v.x - tile.rect.x;
    const auto inside = [&](const at::Tensor& t, int axis) {
        return t.slice(axis, top, top + v.height).slice(axis + 1, left, left + v.width);
    };
    sum.slice(1, v.y, v.y + v.height).slice(2, v.x, v.x + v.width).add_(inside(result * w, 1));
    weight.slice(0, v.y, v.y + v.height).slice(1, v.x, v.x + v.width).add_(inside(w, 0));
}

// How far the grid may move along an axis: as far as its tiles hang over the end, so that no further
// tile is needed; where that is less than half the overlap, a whole stride at the price of one tile.
std::int64_t shiftRange(std::int64_t size, const TileSettings& settings) {
    if (size <= settings.tile) return 1;
    const std::int64_t stride = settings.tile - settings.overlap;
    const auto count = (size - settings.overlap + stride - 1) / stride;
    const auto slack = count * stride + settings.overlap - size;
    return slack >= settings.overlap / 2 ? slack + 1 : stride;
}

}  // namespace

image::TileGrid sampleGrid(std::int64_t height, std::int64_t width, std::uint64_t gridSeed,
                           const TileSettings& settings) {
    auto generator = tensor::makeGenerator(gridSeed, 0x7117e5);
    const at::Tensor u = at::rand({2}, generator, at::TensorOptions().dtype(at::kDouble));
    image::TileGrid grid(height, width, settings.tile, settings.overlap,
                         static_cast<std::int64_t>(u[0].item<double>() * shiftRange(height, settings)),
                         static_cast<std::int64_t>(u[1].item<double>() * shiftRange(width, settings)));
    if (!settings.first.empty()) grid.bringForward(settings.first);
    return grid;
}

at::Tensor drawTiled(const Sampler& sampler, const Restorer& restorer, const at::Tensor& y,
                     const NoiseField& noise, std::uint64_t gridSeed, const TileSettings& settings,
                     const c10::Device& device, const PartialObserver& observer) {
    const auto height = y.size(1), width = y.size(2);
    const auto grid = sampleGrid(height, width, gridSeed, settings);
    const auto& tiles = grid.tiles();
    at::Tensor sum = at::zeros({restorer.channels, height, width});
    at::Tensor weight = at::zeros({height, width});
    const auto batch = static_cast<std::size_t>(std::max(1, settings.batch));
    for (std::size_t start = 0; start < tiles.size(); start += batch) {
        const auto* begin = tiles.data() + start;
        const auto* end = tiles.data() + std::min(tiles.size(), start + batch);
        const auto noiseOfTiles = [&](int i) { return cropAll(noise.field(i), begin, end).to(device); };
        const at::Tensor drawn =
            sampler.draw(cropAll(y, begin, end).to(device), noiseOfTiles, restorer).to(at::kCPU);
        for (auto* tile = begin; tile != end; ++tile) blend(drawn[tile - begin], grid, *tile, sum, weight);
        if (observer) {
            const auto done = static_cast<int>(end - tiles.data());
            const bool firstDone =
                std::none_of(end, tiles.data() + tiles.size(), [&](const image::Tile& tile) {
                    return !tile.visible.intersected(settings.first).empty();
                });
            observer({sum, weight, done, static_cast<int>(tiles.size()), firstDone});
        }
    }
    return sum;
}

}  // namespace posteria::sampling
