// The planes of point spread functions made last: a table from diffraction takes milliseconds to
// tens of them, and the images of a focus series ask for the same ones again and again. Keyed by
// value, bounded by bytes; the plane used longest ago goes first. It does not matter to a result
// whether a plane was found or made, as it depends on nothing but its key. Not thread-safe: one
// each.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <list>
#include <map>
#include <vector>

namespace posteria::physics {

class PlaneCache {
  public:
    using Key = std::vector<double>;  // every number that the plane depends on

    explicit PlaneCache(std::size_t mostBytes) : m_mostBytes(mostBytes) {}

    // The plane of the key, or an undefined tensor.
    at::Tensor find(const Key& key);
    // Keeps the plane; one that is larger than the whole cache is not kept.
    void insert(const Key& key, const at::Tensor& plane);
    std::size_t bytes() const { return m_bytes; }

  private:
    struct Entry {
        Key key;
        at::Tensor plane;
    };
    using Entries = std::list<Entry>;

    const std::size_t m_mostBytes;
    std::size_t m_bytes = 0;
    Entries m_entries;  // the one used last in front
    std::map<Key, Entries::iterator> m_places;
};

}  // namespace posteria::physics
