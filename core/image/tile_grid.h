// Cuts a plane into overlapping tiles of one size and blends the processed tiles again. The grid
// hangs over the image's edges, where only the visible part of a tile counts; along an axis no
// longer than a tile, the tile is as long as the image. Blending weights are separable, zero at the
// tile's rim, linear over the middle half of the overlap, and sum to one at every pixel, so borders
// leave no seam. A grid can be shifted as a whole, a different shift for every posterior sample, so
// that what remains of a border does not add up in the mean.
#pragma once

#include <cstdint>
#include <vector>

#include "core/image/types.h"

namespace posteria::image {

struct Tile {
    Rect rect;     // in image pixels; may reach outside the image
    Rect visible;  // rect inside the image
};

class TileGrid {
  public:
    // The image's size; tile side and overlap in pixels (0 <= 2 * overlap <= tile); the shift of
    // the grid's origin, taken modulo the stride.
    TileGrid(std::int64_t height, std::int64_t width, std::int64_t tile, std::int64_t overlap,
             std::int64_t shiftY = 0, std::int64_t shiftX = 0);

    const std::vector<Tile>& tiles() const { return m_tiles; }
    std::int64_t tileHeight() const { return m_tileHeight; }
    std::int64_t tileWidth() const { return m_tileWidth; }

    // Weight of the tile's row i (resp. column i), 0 <= i < tileHeight (tileWidth); the pixel's
    // weight is the product. Tiles at the image's border keep weight one there.
    std::vector<float> rowWeights(const Tile& tile) const;
    std::vector<float> columnWeights(const Tile& tile) const;

    // Image coordinates where one tile's core ends and the next begins, for seam checks.
    std::vector<std::int64_t> verticalSeams() const;
    std::vector<std::int64_t> horizontalSeams() const;

    // Tiles that touch `first` come before the others; otherwise the order is kept.
    void bringForward(const Rect& first);

  private:
    std::int64_t m_height, m_width, m_tileHeight, m_tileWidth, m_overlap;
    std::vector<std::int64_t> m_originsY, m_originsX;
    std::vector<Tile> m_tiles;
};

}  // namespace posteria::image
