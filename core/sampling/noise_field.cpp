#include "core/sampling/noise_field.h"

#include <algorithm>
#include <utility>

#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"

namespace posteria::sampling {

namespace {

constexpr std::int64_t kAtOnce = 1 << 24;  // values of a frame's channel
constexpr std::int64_t kBlock = 1024;      // side of the blocks of larger ones

at::Tensor crop(const at::Tensor& frame, const image::Rect& r) {
    return frame.slice(1, r.y, r.y + r.height).slice(2, r.x, r.x + r.width);
}

}  // namespace

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

// The rectangle of the i-th frame of white noise.
at::Tensor NoiseField::white(std::size_t i, std::int64_t channels, std::int64_t height,
                             std::int64_t width, const image::Rect& rect) const {
    const auto stream = (m_sample << 12) + i;
    if (height * width <= kAtOnce) {
        auto generator = tensor::makeGenerator(m_seed, stream);
        return sampling::crop(tensor::normal({channels, height, width}, generator), rect);
    }
    at::Tensor result = at::empty({channels, rect.height, rect.width});
    const auto across = (width + kBlock - 1) / kBlock;
    for (auto y = rect.y / kBlock * kBlock; y < rect.y + rect.height; y += kBlock) {
        for (auto x = rect.x / kBlock * kBlock; x < rect.x + rect.width; x += kBlock) {
            const auto number = static_cast<std::uint64_t>(y / kBlock * across + x / kBlock + 1);
            auto generator = tensor::makeGenerator(m_seed + 0x9e3779b97f4a7c15ull * number, stream);
            const at::Tensor block = tensor::normal({channels, kBlock, kBlock}, generator);
            const auto shared = rect.intersected({x, y, kBlock, kBlock});
            const auto in = [&shared](std::int64_t left, std::int64_t top) {
                return image::Rect{shared.x - left, shared.y - top, shared.width, shared.height};
            };
            sampling::crop(result, in(rect.x, rect.y)).copy_(sampling::crop(block, in(x, y)));
        }
    }
    return result;
}

const at::Tensor& NoiseField::field(int i) const {
    const auto index = static_cast<std::size_t>(i);
    if (m_fields.size() <= index) m_fields.resize(index + 1);
    if (!m_fields[index].defined()) {
        const auto around = 2 * m_spectrum.reach();
        const auto& l = lattice(i);
        // A region between two squares reaches into one more than the frame has.
        const auto beyond = l.step > 1 ? l.step / l.spacing : 0;
        const auto& r = m_region;
        const image::Rect rect{r.x / l.spacing, r.y / l.spacing, l.count(r.width) + around,
                               l.count(r.height) + around};
        m_fields[index] = m_spectrum
                              .colour(white(index, l.channels, l.count(m_height) + beyond + around,
                                            l.count(m_width) + beyond + around, rect))
                              .contiguous();
    }
    return m_fields[index];
}

at::Tensor NoiseField::crop(int i, const image::Rect& rect) const {
    const auto& l = lattice(i);
    return sampling::crop(field(i), {rect.x / l.spacing, rect.y / l.spacing, l.count(rect.width),
                                     l.count(rect.height)});
}

}  // namespace posteria::sampling
