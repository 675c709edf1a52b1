// Posterior samples kept for looking at, up to a byte budget. A sample is its planes in T, C, Z
// order; the planes are shared, never copied. Once a sample does not fit, none after it is kept, so
// that what is kept are the first ones: sample k is samples()[k].
#pragma once

#include <cstdint>
#include <vector>

#include "core/image/plane.h"

namespace posteria::posterior {

class SampleStore {
  public:
    explicit SampleStore(std::uint64_t byteBudget) : m_budget(byteBudget) {}

    // Whether the sample was kept.
    bool add(std::vector<image::Plane> planes);

    bool full() const { return m_full; }  // a sample has been turned away
    std::uint64_t bytes() const { return m_bytes; }
    const std::vector<std::vector<image::Plane>>& samples() const { return m_samples; }

  private:
    std::uint64_t m_budget, m_bytes = 0;
    bool m_full = false;
    std::vector<std::vector<image::Plane>> m_samples;
};

}  // namespace posteria::posterior
