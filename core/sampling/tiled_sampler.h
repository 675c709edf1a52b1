// Draws samples of a whole plane tile by tile: crops the degraded plane and the sample's full-frame
// noise, samples batches of tiles, blends them. The grid is shifted by (seed, sample), so what is
// left of a border does not add up in the mean over samples.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "core/base/cancel_token.h"
#include "core/image/tile_grid.h"
#include "core/sampling/noise_field.h"
#include "core/sampling/sampler.h"

namespace posteria::sampling {

// Where y lies when it is but a window of the plane: the grid is laid over the whole plane, so what
// is drawn of parts fits together. Tiles that do not touch `part` are left out; the others must lie
// in the window. A window begins at multiples of TileSettings::align.
struct Frame {
    std::int64_t height = 0, width = 0;  // of the plane; 0: y is the whole plane
    image::Rect window, part;            // in the plane
};

struct TileSettings {
    int tile = 256, overlap = 64;  // pixels; 0 <= 2 * overlap <= tile
    int batch = 1;                 // tiles a network call
    // Tiles start at multiples of this: a network that folds and strides sees every pixel in the
    // phase it has in the whole plane. Tile and overlap are multiples of it.
    int align = 1;
    image::Rect first;  // tiles that touch it come first; empty: no preference
    // Called before a tile is drawn with the pixels of the plane that it reads: y may be filled in
    // on demand.
    std::function<void(const image::Rect&)> before;
    Frame frame;
};

// The plane so far: the weighted sum of the finished tiles [C, H, W], and their weights [H, W],
// which reach one where nothing is missing.
struct PartialPlane {
    const at::Tensor& sum;
    const at::Tensor& weight;
    int tilesDone = 0, tilesAll = 0;
    bool firstDone = false;  // every tile that touches TileSettings::first
};
using PartialObserver = std::function<void(const PartialPlane&)>;

// y is [Cy, H, W] normalised on the CPU; the restorer and its results live on `device`. The noise
// is that of y's pixels. Returns [C, H, W] on the CPU, of which the frame's part is whole, followed
// by a trace if the sampler was asked for one. The token is polled before every network call
// (through the restorer's functions).
at::Tensor drawTiled(const Sampler& sampler, const Restorer& restorer, const at::Tensor& y,
                     const NoiseField& noise, std::uint64_t gridSeed, const TileSettings& settings,
                     const c10::Device& device, const PartialObserver& observer = {});

// The same; when memory runs out, the batch is halved, then tile and overlap, and the plane is
// drawn again. `settings` keeps what went through. Throws what the allocator threw when a tile of
// 64 pixels does not fit either.
at::Tensor drawTiledInMemory(const Sampler& sampler, const Restorer& restorer, const at::Tensor& y,
                             const NoiseField& noise, std::uint64_t gridSeed,
                             TileSettings& settings, const c10::Device& device,
                             const PartialObserver& observer = {});

// The one-step mean E[x | y] of a plane, drawn where it is asked for: what somebody looks at need
// not wait for the rest. Keep one a plane; it draws no tile twice.
class TiledMean {
  public:
    // y is [Cy, H, W]; the mean is written into `values`, [C, H, W] on the CPU.
    TiledMean(at::Tensor y, at::Tensor values);
    // Completes the values in `rect` of the plane, as far as the settings' frame has a window on
    // it. Tiles of another size than before mean starting again. False when nothing was left to do.
    bool complete(const image::Rect& rect, const Restorer& restorer, const TileSettings& settings,
                  const c10::Device& device);

  private:
    at::Tensor m_y, m_values, m_weight;
    std::unique_ptr<image::TileGrid> m_grid;
    int m_tile = 0;
    std::vector<bool> m_done;
};

// The grid that drawTiled lays over a plane of this size; its seams are what a seam check looks at.
image::TileGrid sampleGrid(std::int64_t height, std::int64_t width, std::uint64_t gridSeed,
                           const TileSettings& settings);
// How many of its tiles drawTiled draws.
std::int64_t tilesDrawn(const image::TileGrid& grid, const image::Rect& part);

}  // namespace posteria::sampling
