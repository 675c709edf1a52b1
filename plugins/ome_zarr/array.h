// A Zarr array whose chunks are read when they are asked for. Chunks that were read last are kept,
// within a budget that all arrays of a file share. Not for several threads at once.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/plugin/plugin_abi.h"
#include "plugins/ome_zarr/array_info.h"

namespace ome_zarr {

using ChunkPtr = std::shared_ptr<const Bytes>;  // null: a chunk that is not there

class ChunkCache {
  public:
    using Key = std::pair<const void*, std::vector<std::int64_t>>;
    explicit ChunkCache(std::size_t budget) : m_budget(budget) {}

    const ChunkPtr* find(const Key& key);
    void add(const Key& key, ChunkPtr chunk);

  private:
    using Entry = std::pair<Key, ChunkPtr>;
    std::list<Entry> m_entries;  // newest first
    std::map<Key, std::list<Entry>::iterator> m_places;
    std::size_t m_budget, m_bytes = 0;
};

class Array {
  public:
    // The array at the key, of either version; throws Problem when there is none.
    Array(std::shared_ptr<const Store> store, std::string key, std::shared_ptr<ChunkCache> cache);
    // Whether the key holds the description of an array.
    static bool isAt(const Store& store, const std::string& key);

    const ArrayInfo& info() const { return m_info; }

    // Fills `out` (extent 1 1 1 height width) from the pixel `at`, an index along every axis, on
    // along yAxis and xAxis. A chunk that is missing has the fill value.
    void read(const std::vector<std::int64_t>& at, std::size_t yAxis, std::size_t xAxis,
              const PosteriaBuffer& out, const std::function<bool()>& cancelled) const;

  private:
    ChunkPtr chunk(const std::vector<std::int64_t>& index) const;
    ChunkPtr load(const std::string& key) const;
    ChunkPtr loadFromShard(const std::vector<std::int64_t>& index) const;
    ChunkPtr decoded(Bytes stored, const std::string& key) const;
    std::string keyOf(const std::vector<std::int64_t>& index) const;

    std::shared_ptr<const Store> m_store;
    std::string m_key;
    std::shared_ptr<ChunkCache> m_cache;
    ArrayInfo m_info;
    std::vector<std::int64_t> m_stride;  // in pixels, of each axis in a chunk
};

}  // namespace ome_zarr
