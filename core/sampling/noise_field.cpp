#include "core/sampling/noise_field.h"

#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"

namespace posteria::sampling {

NoiseField::NoiseField(std::uint64_t seed, std::uint64_t sample, std::int64_t channels,
                       std::int64_t height, std::int64_t width)
    : m_seed(seed), m_sample(sample), m_channels(channels), m_height(height), m_width(width) {}

const at::Tensor& NoiseField::field(int i) const {
    const auto index = static_cast<std::size_t>(i);
    if (m_fields.size() <= index) m_fields.resize(index + 1);
    if (!m_fields[index].defined()) {
        auto generator = tensor::makeGenerator(m_seed, (m_sample << 12) + index);
        m_fields[index] = tensor::normal({m_channels, m_height, m_width}, generator);
    }
    return m_fields[index];
}

}  // namespace posteria::sampling
