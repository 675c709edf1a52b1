#include "core/image/tile_grid.h"

#include <algorithm>

namespace posteria::image {

namespace {

std::vector<std::int64_t> origins(std::int64_t size, std::int64_t tile, std::int64_t overlap,
                                  std::int64_t shift) {
    if (size <= tile) return {0};
    const auto stride = tile - overlap;
    // The first tile starts left of the image by the shift, so that shifted grids cover it as well.
    std::vector<std::int64_t> result;
    const auto offset = ((shift % stride) + stride) % stride;
    for (auto o = -offset; o + (result.empty() ? 0 : overlap) < size; o += stride)
        result.push_back(o);
    return result;
}

// Zero over the outer quarter of the overlap, where a network saw too little around it, then a
// straight line over the middle half: two neighbours sum to one.
std::vector<float> ramp(std::int64_t origin, std::int64_t tile, std::int64_t overlap,
                        const std::vector<std::int64_t>& all) {
    std::vector<float> w(static_cast<std::size_t>(tile), 1.0f);
    const float quarter = static_cast<float>(overlap) / 4;
    for (std::int64_t i = 0; i < overlap; ++i) {
        const float up =
            std::clamp((static_cast<float>(i) + 0.5f - quarter) / (2 * quarter), 0.0f, 1.0f);
        if (origin != all.front()) w[i] *= up;
        if (origin != all.back()) w[tile - 1 - i] *= up;
    }
    return w;
}

std::vector<std::int64_t> seams(const std::vector<std::int64_t>& all, std::int64_t overlap) {
    std::vector<std::int64_t> result;
    for (std::size_t i = 1; i < all.size(); ++i)
        result.push_back(all[i] + overlap / 2);
    return result;
}

}  // namespace

TileGrid::TileGrid(std::int64_t height, std::int64_t width, std::int64_t tile, std::int64_t overlap,
                   std::int64_t shiftY, std::int64_t shiftX)
    : m_height(height),
      m_width(width),
      m_tileHeight(std::min(tile, height)),
      m_tileWidth(std::min(tile, width)),
      m_overlap(overlap),
      m_originsY(origins(height, tile, overlap, shiftY)),
      m_originsX(origins(width, tile, overlap, shiftX)) {
    const Rect bounds{0, 0, width, height};
    for (auto y : m_originsY) {
        for (auto x : m_originsX) {
            const Rect rect{x, y, m_tileWidth, m_tileHeight};
            m_tiles.push_back({rect, rect.intersected(bounds)});
        }
    }
}

std::vector<float> TileGrid::rowWeights(const Tile& tile) const {
    return ramp(tile.rect.y, m_tileHeight, m_overlap, m_originsY);
}

std::vector<float> TileGrid::columnWeights(const Tile& tile) const {
    return ramp(tile.rect.x, m_tileWidth, m_overlap, m_originsX);
}

std::vector<std::int64_t> TileGrid::verticalSeams() const {
    return seams(m_originsX, m_overlap);
}
std::vector<std::int64_t> TileGrid::horizontalSeams() const {
    return seams(m_originsY, m_overlap);
}

void TileGrid::bringForward(const Rect& first) {
    std::stable_partition(m_tiles.begin(), m_tiles.end(),
                          [&](const Tile& t) { return !t.visible.intersected(first).empty(); });
}

}  // namespace posteria::image
