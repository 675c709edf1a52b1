// The noise of one posterior sample: full-frame normal fields of unit variance, drawn once and
// cropped by every tile, so that tiles agree where they overlap. A field depends on (seed, sample,
// i), the spectrum and the frame's size alone: not on the tile, the batch, the device, or what was
// drawn before.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "core/image/types.h"
#include "core/sampling/noise_spectrum.h"

namespace posteria::sampling {

class NoiseField {
  public:
    // The frame is the whole plane, of which `region` is restored: the same sample of a part and of
    // the whole then rest on the same noise.
    NoiseField(std::uint64_t seed, std::uint64_t sample, std::int64_t channels,
               std::int64_t frameHeight, std::int64_t frameWidth, const image::Rect& region,
               NoiseSpectrum spectrum = {});

    // The i-th field in the region, [C, h, w] on the CPU; kept, so asking again costs nothing.
    const at::Tensor& field(int i) const;

  private:
    std::uint64_t m_seed, m_sample;
    std::int64_t m_channels, m_height, m_width;
    image::Rect m_region;
    NoiseSpectrum m_spectrum;
    mutable std::vector<at::Tensor> m_fields;
};

}  // namespace posteria::sampling
