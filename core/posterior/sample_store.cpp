#include "core/posterior/sample_store.h"

#include <utility>

namespace posteria::posterior {

bool SampleStore::add(std::vector<image::Plane> planes) {
    std::uint64_t bytes = 0;
    for (const auto& plane : planes) {
        bytes += static_cast<std::uint64_t>(plane.size()) * image::bytesPerPixel(plane.type());
    }
    m_full = m_full || bytes > m_budget - m_bytes;
    if (m_full) return false;
    m_bytes += bytes;
    m_samples.push_back(std::move(planes));
    return true;
}

}  // namespace posteria::posterior
