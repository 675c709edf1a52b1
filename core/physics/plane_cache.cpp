#include "core/physics/plane_cache.h"

#include <torch/torch.h>

namespace posteria::physics {

at::Tensor PlaneCache::find(const Key& key) {
    const auto place = m_places.find(key);
    if (place == m_places.end()) return {};
    m_entries.splice(m_entries.begin(), m_entries, place->second);
    return place->second->plane;
}

void PlaneCache::insert(const Key& key, const at::Tensor& plane) {
    if (plane.nbytes() > m_mostBytes || m_places.count(key) > 0) return;
    m_entries.push_front({key, plane});
    m_places[key] = m_entries.begin();
    m_bytes += plane.nbytes();
    while (m_bytes > m_mostBytes) {
        m_bytes -= m_entries.back().plane.nbytes();
        m_places.erase(m_entries.back().key);
        m_entries.pop_back();
    }
}

}  // namespace posteria::physics
