#include "core/sampling/tiled_sampler.h"

#include <algorithm>
#include <new>

#include "core/base/log.h"
#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"

namespace posteria::sampling {

namespace {

// The settings' frame; without one, the plane is y.
Frame frameOf(const at::Tensor& y, const TileSettings& settings) {
    if (settings.frame.height > 0) return settings.frame;
    const image::Rect whole{0, 0, y.size(2), y.size(1)};
    return {whole.height, whole.width, whole, whole};
}

// Where a tile lies in the window.
image::Rect placeOf(const image::Tile& tile, const Frame& frame) {
    const auto& v = tile.visible;
    return {v.x - frame.window.x, v.y - frame.window.y, v.width, v.height};
}

// A rectangle of a [C, H, W] window. Tiles end where the plane ends: the network meets the border
// of the image as it does without tiles.
at::Tensor crop(const at::Tensor& window, const image::Rect& r) {
    return window.slice(1, r.y, r.y + r.height).slice(2, r.x, r.x + r.width);
}

// The tiles from `begin` on that go into one call: neighbours in the list, of one size.
const image::Tile* endOfBatch(const image::Tile* begin, const image::Tile* last, int batch) {
    const auto* end = begin + 1;
    while (end != last && end - begin < batch && end->visible.width == begin->visible.width &&
           end->visible.height == begin->visible.height) {
        ++end;
    }
    return end;
}

// Adds a [C, h, w] tile to the window's sum, weighted.
void blend(const at::Tensor& result, const image::TileGrid& grid, const image::Tile& tile,
           const Frame& frame, at::Tensor& sum, at::Tensor& weight) {
    auto rows = grid.rowWeights(tile), columns = grid.columnWeights(tile);
    const auto& v = tile.visible;
    const auto top = v.y - tile.rect.y, left = v.x - tile.rect.x;
    const at::Tensor w = at::outer(at::tensor(rows).slice(0, top, top + v.height),
                                   at::tensor(columns).slice(0, left, left + v.width));
    const auto place = placeOf(tile, frame);
    crop(sum, place).add_(result * w);
    crop(weight.unsqueeze(0), place).add_(w);
}

std::vector<image::Tile> tilesThatTouch(const image::TileGrid& grid, const image::Rect& part) {
    std::vector<image::Tile> result;
    for (const auto& tile : grid.tiles())
        if (!tile.visible.intersected(part).empty()) result.push_back(tile);
    return result;
}

// The grid moves along an axis as far as its tiles hang over the end, so that no further tile is
// needed; where that is less than half the overlap, up to a whole stride at the price of one tile.
// 0 <= u < 1.
std::int64_t shift(double u, std::int64_t size, const TileSettings& settings) {
    if (size <= settings.tile) return 0;
    const std::int64_t stride = settings.tile - settings.overlap;
    const auto count = (size - settings.overlap + stride - 1) / stride;
    const auto slack = count * stride + settings.overlap - size;
    const auto range = slack >= settings.overlap / 2 ? slack + 1 : stride;
    return static_cast<std::int64_t>(u * static_cast<double>(range)) / settings.align *
           settings.align;
}

constexpr int kSmallestTile = 64;

bool isOutOfMemory(const std::exception& error) {
    return dynamic_cast<const std::bad_alloc*>(&error) != nullptr ||
           std::string(error.what()).find("out of memory") != std::string::npos ||
           std::string(error.what()).find("can't allocate memory") != std::string::npos;
}

// False when there is nothing left to halve.
bool halve(TileSettings& settings) {
    if (settings.batch > 1) {
        settings.batch /= 2;
        return true;
    }
    const auto half = [&](int pixels) { return pixels / 2 / settings.align * settings.align; };
    if (settings.tile <= kSmallestTile) return false;
    settings.tile = std::max(kSmallestTile, half(settings.tile));
    settings.overlap = std::min(settings.overlap, half(settings.tile));
    return true;
}

}  // namespace

image::TileGrid sampleGrid(std::int64_t height, std::int64_t width, std::uint64_t gridSeed,
                           const TileSettings& settings) {
    auto generator = tensor::makeGenerator(gridSeed, 0x7117e5);
    const at::Tensor u = at::rand({2}, generator, at::TensorOptions().dtype(at::kDouble));
    image::TileGrid grid(height, width, settings.tile, settings.overlap,
                         shift(u[0].item<double>(), height, settings),
                         shift(u[1].item<double>(), width, settings));
    if (!settings.first.empty()) grid.bringForward(settings.first);
    return grid;
}

std::int64_t tilesDrawn(const image::TileGrid& grid, const image::Rect& part) {
    return static_cast<std::int64_t>(tilesThatTouch(grid, part).size());
}

at::Tensor drawTiled(const Sampler& sampler, const Restorer& restorer, const at::Tensor& y,
                     const NoiseField& noise, std::uint64_t gridSeed, const TileSettings& settings,
                     const c10::Device& device, const PartialObserver& observer) {
    const auto height = y.size(1), width = y.size(2);
    const auto frame = frameOf(y, settings);
    const auto grid = sampleGrid(frame.height, frame.width, gridSeed, settings);
    const auto tiles = tilesThatTouch(grid, frame.part);
    at::Tensor sum;
    at::Tensor weight = at::zeros({height, width});
    const auto* last = tiles.data() + tiles.size();
    for (const auto* begin = tiles.data(); begin != last;) {
        const auto* end = endOfBatch(begin, last, settings.batch);
        for (auto* tile = begin; settings.before && tile != end; ++tile)
            settings.before(tile->visible);
        const auto ofTiles = [&](auto&& cropped) {
            std::vector<at::Tensor> pieces;
            for (auto* tile = begin; tile != end; ++tile)
                pieces.push_back(cropped(placeOf(*tile, frame)));
            return at::stack(pieces).to(device);
        };
        const auto noiseOfTiles = [&](int i) {
            return ofTiles([&](const image::Rect& place) { return noise.crop(i, place); });
        };
        const at::Tensor given = ofTiles([&](const image::Rect& place) { return crop(y, place); });
        const at::Tensor drawn = sampler.draw(given, noiseOfTiles, restorer).to(at::kCPU);
        if (!sum.defined()) sum = at::zeros({drawn.size(1), height, width});
        for (auto* tile = begin; tile != end; ++tile)
            blend(drawn[tile - begin], grid, *tile, frame, sum, weight);
        if (observer) {
            const auto done = static_cast<int>(end - tiles.data());
            const bool firstDone = std::none_of(end, last, [&](const image::Tile& tile) {
                return !tile.visible.intersected(settings.first).empty();
            });
            observer({sum, weight, done, static_cast<int>(tiles.size()), firstDone});
        }
        begin = end;
    }
    return sum;
}

TiledMean::TiledMean(at::Tensor y, at::Tensor values)
    : m_y(std::move(y)),
      m_values(std::move(values)),
      m_weight(at::zeros({m_values.size(1), m_values.size(2)})) {}

bool TiledMean::complete(const image::Rect& rect, const Restorer& restorer,
                         const TileSettings& settings, const c10::Device& device) {
    const auto frame = frameOf(m_y, settings);
    if (m_tile != settings.tile) {
        m_tile = settings.tile;
        m_grid = std::make_unique<image::TileGrid>(frame.height, frame.width, settings.tile,
                                                   settings.overlap);
        m_done.assign(m_grid->tiles().size(), false);
        m_values.zero_();
        m_weight.zero_();
    }
    bool changed = false;
    for (std::size_t i = 0; i < m_done.size(); ++i) {
        const auto& tile = m_grid->tiles()[i];
        if (m_done[i] || tile.visible.intersected(rect).empty()) continue;
        const at::Tensor y = crop(m_y, placeOf(tile, frame));
        const at::Tensor mean = restorer.mean(y.unsqueeze(0).to(device));
        blend(mean[0].to(at::kCPU), *m_grid, tile, frame, m_values, m_weight);
        m_done[i] = changed = true;
    }
    return changed;
}

at::Tensor drawTiledInMemory(const Sampler& sampler, const Restorer& restorer, const at::Tensor& y,
                             const NoiseField& noise, std::uint64_t gridSeed,
                             TileSettings& settings, const c10::Device& device,
                             const PartialObserver& observer) {
    for (;;) {
        try {
            return drawTiled(sampler, restorer, y, noise, gridSeed, settings, device, observer);
        } catch (const std::exception& error) {
            if (!isOutOfMemory(error) || !halve(settings)) throw;
            log::warning("Out of memory: going on with tiles of " + std::to_string(settings.tile) +
                         " pixels, " + std::to_string(settings.batch) + " at a time.");
        }
    }
}

}  // namespace posteria::sampling
