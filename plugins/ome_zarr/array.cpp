#include "plugins/ome_zarr/array.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

namespace ome_zarr {

namespace {

constexpr std::uint64_t kNotThere = ~std::uint64_t(0);

void swapBytes(Bytes& bytes, std::size_t pixel) {
    for (std::size_t i = 0; pixel > 1 && i + pixel <= bytes.size(); i += pixel)
        std::reverse(bytes.begin() + i, bytes.begin() + i + pixel);
}

std::uint64_t littleEndian64(const std::uint8_t* bytes) {
    std::uint64_t value = 0;
    for (int i = 7; i >= 0; --i)
        value = value << 8 | bytes[i];
    return value;
}

// Pixels [first, first + count) of an axis, in the chunk and in the picture.
struct Run {
    std::int64_t chunk, inChunk, inPicture, count;
};

std::vector<Run> runs(std::int64_t first, std::int64_t count, std::int64_t chunk) {
    std::vector<Run> list;
    for (std::int64_t done = 0; done < count;) {
        const auto at = first + done;
        const auto n = std::min(count - done, chunk - at % chunk);
        list.push_back({at / chunk, at % chunk, done, n});
        done += n;
    }
    return list;
}

}  // namespace

const ChunkPtr* ChunkCache::find(const Key& key) {
    const auto place = m_places.find(key);
    if (place == m_places.end()) return nullptr;
    m_entries.splice(m_entries.begin(), m_entries, place->second);
    return &m_entries.front().second;
}

void ChunkCache::add(const Key& key, ChunkPtr chunk) {
    constexpr std::size_t kOverhead = 256;  // an entry's own, so that empty chunks count too
    m_bytes += (chunk ? chunk->size() : 0) + kOverhead;
    m_entries.emplace_front(key, std::move(chunk));
    m_places[key] = m_entries.begin();
    while (m_bytes > m_budget && m_entries.size() > 1) {
        const auto& [oldest, bytes] = m_entries.back();
        m_bytes -= (bytes ? bytes->size() : 0) + kOverhead;
        m_places.erase(oldest);
        m_entries.pop_back();
    }
}

Array::Array(std::shared_ptr<const Store> store, std::string key, std::shared_ptr<ChunkCache> cache)
    : m_store(std::move(store)), m_key(std::move(key)), m_cache(std::move(cache)) {
    if (const auto v2 = m_store->readJson(joinKey(m_key, ".zarray"))) {
        m_info = arrayInfoV2(*v2);
    } else if (const auto v3 = m_store->readJson(joinKey(m_key, "zarr.json"))) {
        m_info = arrayInfoV3(*v3);
    } else {
        throw Problem("The image's array \"" + m_key + "\" is missing.");
    }
    m_stride.resize(m_info.order.size());
    std::int64_t stride = 1;
    for (auto axis = m_info.order.rbegin(); axis != m_info.order.rend(); ++axis) {
        m_stride[*axis] = stride;
        stride *= m_info.chunk[*axis];
    }
}

bool Array::isAt(const Store& store, const std::string& key) {
    if (store.has(joinKey(key, ".zarray"))) return true;
    const auto v3 = store.readJson(joinKey(key, "zarr.json"));
    return v3 && v3->contains("node_type") && v3->at("node_type") == "array";
}

std::string Array::keyOf(const std::vector<std::int64_t>& index) const {
    std::string name = m_info.keyPrefix;
    for (const auto i : index) {
        if (!name.empty()) name += m_info.separator;
        name += std::to_string(i);
    }
    return m_key.empty() ? name : m_key + "/" + name;
}

ChunkPtr Array::decoded(Bytes stored, const std::string& key) const {
    try {
        Bytes bytes = decode(m_info.decoders, std::move(stored), m_info.chunkBytes());
        if (m_info.bigEndian) swapBytes(bytes, m_info.pixelBytes);
        return std::make_shared<const Bytes>(std::move(bytes));
    } catch (const Problem& problem) {
        throw Problem("The chunk \"" + key + "\" " + problem.what() + ".");
    }
}

ChunkPtr Array::load(const std::string& key) const {
    const auto file = m_store->open(key);
    if (!file) return nullptr;
    // Compression makes nothing much larger.
    if (file->size() > 2 * m_info.chunkBytes() + 65536)
        throw Problem("The chunk \"" + key + "\" is larger than it can be.");
    return decoded(file->read(0, file->size()), key);
}

ChunkPtr Array::loadFromShard(const std::vector<std::int64_t>& index) const {
    std::vector<std::int64_t> shard;
    std::uint64_t place = 0;
    for (std::size_t i = 0; i < index.size(); ++i) {
        const auto along = m_info.shard[i] / m_info.chunk[i];
        shard.push_back(index[i] / along);
        place = place * static_cast<std::uint64_t>(along) +
                static_cast<std::uint64_t>(index[i] % along);
    }
    const std::string key = keyOf(shard);
    const auto file = m_store->open(key);
    if (!file) return nullptr;
    if (file->size() < m_info.indexBytes) throw Problem("The file \"" + key + "\" is cut short.");
    const auto start = m_info.indexAtStart ? 0 : file->size() - m_info.indexBytes;
    const Bytes entry = file->read(start + 16 * place, 16);
    const auto offset = littleEndian64(entry.data()), length = littleEndian64(entry.data() + 8);
    if (offset == kNotThere && length == kNotThere) return nullptr;
    if (length > 2 * m_info.chunkBytes() + 65536)
        throw Problem("A chunk in \"" + key + "\" is larger than it can be.");
    return decoded(file->read(offset, length), key);
}

ChunkPtr Array::chunk(const std::vector<std::int64_t>& index) const {
    const ChunkCache::Key key{this, index};
    if (const auto* known = m_cache->find(key)) return *known;
    auto chunk = m_info.shard.empty() ? load(keyOf(index)) : loadFromShard(index);
    m_cache->add(key, chunk);
    return chunk;
}

void Array::read(const std::vector<std::int64_t>& at, std::size_t yAxis, std::size_t xAxis,
                 const PosteriaBuffer& out, const std::function<bool()>& cancelled) const {
    const std::size_t pixel = m_info.pixelBytes;
    std::vector<std::int64_t> index(at.size());
    std::int64_t base = 0;
    for (std::size_t i = 0; i < at.size(); ++i) {
        index[i] = at[i] / m_info.chunk[i];
        if (i != yAxis && i != xAxis) base += at[i] % m_info.chunk[i] * m_stride[i];
    }
    const auto rows = runs(at[yAxis], out.extent[3], m_info.chunk[yAxis]);
    const auto columns = runs(at[xAxis], out.extent[4], m_info.chunk[xAxis]);
    const bool dense = m_stride[xAxis] == 1 && out.stride[4] == static_cast<std::int64_t>(pixel);
    for (const auto& row : rows) {
        for (const auto& column : columns) {
            if (cancelled()) throw Problem("Stopped.");
            index[yAxis] = row.chunk;
            index[xAxis] = column.chunk;
            const auto from = chunk(index);
            for (std::int64_t y = 0; y < row.count; ++y) {
                auto* to = static_cast<std::uint8_t*>(out.data) +
                           (row.inPicture + y) * out.stride[3] + column.inPicture * out.stride[4];
                const auto first =
                    base + (row.inChunk + y) * m_stride[yAxis] + column.inChunk * m_stride[xAxis];
                if (from && dense) {
                    std::memcpy(to, from->data() + first * pixel, column.count * pixel);
                    continue;
                }
                for (std::int64_t x = 0; x < column.count; ++x) {
                    const auto* source = from ? from->data() + (first + x * m_stride[xAxis]) * pixel
                                              : m_info.fill.data();
                    std::memcpy(to + x * out.stride[4], source, pixel);
                }
            }
        }
    }
}

}  // namespace ome_zarr
