#include "core/sampling/noise_field.h"

#include <utility>

#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"

namespace posteria::sampling {

NoiseField::NoiseField(std::uint64_t seed, std::uint64_t sample, std::int64_t channels,
                       std::int64_t frameHeight, std::int64_t frameWidth, const image::Rect& region,
                       NoiseSpectrum spectrum)
    : m_seed(seed),
      m_sample(sample),
      m_channels(channels),
      m_height(frameHeight),
      m_width(frameWidth),
      m_region(region),
      m_spectrum(std::move(spectrum)) {}

const at::Tensor& NoiseField::field(int i) const {
    const auto index = static_cast<std::size_t>(i);
    if (m_fields.size() <= index) m_fields.resize(index + 1);
    if (!m_fields[index].defined()) {
        auto generator = tensor::makeGenerator(m_seed, (m_sample << 12) + index);
        const auto around = 2 * m_spectrum.reach();
        const at::Tensor frame =
            tensor::normal({m_channels, m_height + around, m_width + around}, generator);
        const auto& r = m_region;
        m_fields[index] = m_spectrum
                              .colour(frame.slice(1, r.y, r.y + r.height + around)
                                          .slice(2, r.x, r.x + r.width + around))
                              .contiguous();
    }
    return m_fields[index];
}

}  // namespace posteria::sampling
