// The noise of one posterior sample: full-frame normal fields of unit variance, drawn once and
// cropped by every tile, so that tiles agree where they overlap. A field depends on (seed, sample,
// i), the spectrum and the frame's size alone: not on the tile, the batch, the device, or what was
// drawn before. Fields may be coarser than the frame, as the latents of an autoencoder are. Those
// of a frame beyond 4096 x 4096 are made in blocks with a generator each, so that a region takes no
// more memory than its own.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "core/image/types.h"
#include "core/sampling/noise_spectrum.h"

namespace posteria::sampling {

// One value every `spacing` pixels. A region is covered by whole squares of `step` pixels, a
// multiple of the spacing, and tiles begin at multiples of it.
struct NoiseLattice {
    std::int64_t channels = 1, spacing = 1, step = 1;

    // Values along an axis that cover so many pixels.
    std::int64_t count(std::int64_t pixels) const {
        return (pixels + step - 1) / step * step / spacing;
    }
};

class NoiseField {
  public:
    // The frame is the whole plane, of which `region` is restored: the same sample of a part and of
    // the whole then rest on the same noise.
    NoiseField(std::uint64_t seed, std::uint64_t sample, std::int64_t channels,
               std::int64_t frameHeight, std::int64_t frameWidth, const image::Rect& region,
               NoiseSpectrum spectrum = {});

    // The i-th field on the i-th lattice. A region that begins at multiples of the step gets the
    // part of the whole frame's fields; another one the values that lie nearest.
    NoiseField(std::uint64_t seed, std::uint64_t sample, std::vector<NoiseLattice> lattices,
               std::int64_t frameHeight, std::int64_t frameWidth, const image::Rect& region);

    // The i-th field in the region, [C, h, w] on the CPU; kept, so asking again costs nothing.
    const at::Tensor& field(int i) const;
    // Its part in a rectangle of the region that begins at multiples of the step.
    at::Tensor crop(int i, const image::Rect& rect) const;

  private:
    const NoiseLattice& lattice(int i) const;
    at::Tensor white(std::size_t i, std::int64_t channels, std::int64_t height, std::int64_t width,
                     const image::Rect& rect) const;

    std::uint64_t m_seed, m_sample;
    std::vector<NoiseLattice> m_lattices;  // the last holds for all further fields
    std::int64_t m_height, m_width;
    image::Rect m_region;
    NoiseSpectrum m_spectrum;
    mutable std::vector<at::Tensor> m_fields;
};

}  // namespace posteria::sampling
