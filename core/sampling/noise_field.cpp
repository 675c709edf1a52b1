#include "core/sampling/noise_field.h"

#include <algorithm>
#include <utility>

#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"

namespace posteria::sampling {

NoiseField::NoiseField(std::uint64_t seed, std::uint64_t sample, std::int64_t channels,
                       std::int64_t frameHeight, std::int64_t frameWidth, const image::Rect& region,
                       NoiseSpectrum spectrum)
    : m_seed(seed),
      m_sample(sample),
      m_lattices{{channels, 1, 1}},
      m_height(frameHeight),
      m_width(frameWidth),
      m_region(region),
      m_spectrum(std::move(spectrum)) {}

NoiseField::NoiseField(std::uint64_t seed, std::uint64_t sample, std::vector<NoiseLattice> lattices,
                       std::int64_t frameHeight, std::int64_t frameWidth, const image::Rect& region)
    : m_seed(seed),
      m_sample(sample),
      m_lattices(std::move(lattices)),
      m_height(frameHeight),
      m_width(frameWidth),
      m_region(region) {}

const NoiseLattice& NoiseField::lattice(int i) const {
    return m_lattices[std::min(static_cast<std::size_t>(i), m_lattices.size() - 1)];
}

const at::Tensor& NoiseField::field(int i) const {
    const auto index = static_cast<std::size_t>(i);
    if (m_fields.size() <= index) m_fields.resize(index + 1);
    if (!m_fields[index].defined()) {
        auto generator = tensor::makeGenerator(m_seed, (m_sample << 12) + index);
        const auto around = 2 * m_spectrum.reach();
        const auto& l = lattice(i);
        // A region between two squares reaches into one more than the frame has.
        const auto beyond = l.step > 1 ? l.step / l.spacing : 0;
        const at::Tensor frame = tensor::normal(
            {l.channels, l.count(m_height) + beyond + around, l.count(m_width) + beyond + around},
            generator);
        const auto& r = m_region;
        const auto top = r.y / l.spacing, left = r.x / l.spacing;
        m_fields[index] = m_spectrum
                              .colour(frame.slice(1, top, top + l.count(r.height) + around)
                                          .slice(2, left, left + l.count(r.width) + around))
                              .contiguous();
    }
    return m_fields[index];
}

at::Tensor NoiseField::crop(int i, const image::Rect& rect) const {
    const auto& l = lattice(i);
    const auto top = rect.y / l.spacing, left = rect.x / l.spacing;
    return field(i)
        .slice(1, top, top + l.count(rect.height))
        .slice(2, left, left + l.count(rect.width));
}

}  // namespace posteria::sampling
