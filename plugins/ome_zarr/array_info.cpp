#include "plugins/ome_zarr/array_info.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/plugin/plugin_abi.h"

namespace ome_zarr {

using nlohmann::json;

namespace {

constexpr std::size_t kMostAxes = 16;
constexpr std::int64_t kLongestAxis = std::int64_t(1) << 31;
constexpr std::int64_t kLargestChunk = std::int64_t(1) << 30;  // bytes
constexpr std::int64_t kMostChunksOfShard = 1 << 24;

struct PixelFormat {
    std::uint32_t type;
    std::size_t bytes;
};

const std::map<std::string, PixelFormat> kTypesV2{
    {"b1", {POSTERIA_UINT8, 1}},   {"u1", {POSTERIA_UINT8, 1}},   {"i1", {POSTERIA_INT8, 1}},
    {"u2", {POSTERIA_UINT16, 2}},  {"i2", {POSTERIA_INT16, 2}},   {"u4", {POSTERIA_UINT32, 4}},
    {"i4", {POSTERIA_INT32, 4}},   {"u8", {POSTERIA_UINT64, 8}},  {"i8", {POSTERIA_INT64, 8}},
    {"f4", {POSTERIA_FLOAT32, 4}}, {"f8", {POSTERIA_FLOAT64, 8}},
};
const std::map<std::string, PixelFormat> kTypesV3{
    {"bool", {POSTERIA_UINT8, 1}},      {"uint8", {POSTERIA_UINT8, 1}},
    {"int8", {POSTERIA_INT8, 1}},       {"uint16", {POSTERIA_UINT16, 2}},
    {"int16", {POSTERIA_INT16, 2}},     {"uint32", {POSTERIA_UINT32, 4}},
    {"int32", {POSTERIA_INT32, 4}},     {"uint64", {POSTERIA_UINT64, 8}},
    {"int64", {POSTERIA_INT64, 8}},     {"float32", {POSTERIA_FLOAT32, 4}},
    {"float64", {POSTERIA_FLOAT64, 8}},
};

const json& member(const json& object, const char* name) {
    static const json none;
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found == object.end() ? none : *found;
}

std::string word(const json& value, const char* otherwise = "") {
    return value.is_string() ? value.get<std::string>() : otherwise;
}

[[noreturn]] void cannot(const std::string& what) {
    throw Problem("The pixels are stored " + what + ", which cannot be read.");
}

std::vector<std::int64_t> extents(const json& value, const char* what) {
    std::vector<std::int64_t> list;
    if (value.is_array() && !value.empty() && value.size() <= kMostAxes) {
        for (const auto& item : value) {
            if (item.is_number_integer() && item >= 1 && item <= kLongestAxis)
                list.push_back(item.get<std::int64_t>());
        }
    }
    if (list.empty() || list.size() != value.size())
        throw Problem(std::string("The array's ") + what +
                      " is impossible: " + value.dump().substr(0, 100) + ".");
    return list;
}

void useType(ArrayInfo& info, const std::map<std::string, PixelFormat>& types,
             const std::string& name, const std::string& shown) {
    const auto found = types.find(name);
    if (found == types.end()) cannot("as " + (shown.empty() ? "an unknown type" : shown));
    info.type = found->second.type;
    info.pixelBytes = found->second.bytes;
}

template <class T>
void setFill(ArrayInfo& info, T value) {
    std::memcpy(info.fill.data(), &value, sizeof value);
}

void useFill(ArrayInfo& info, const json& value) {
    double real = 0;
    if (value.is_number()) {
        real = value.get<double>();
    } else if (value.is_boolean()) {
        real = value.get<bool>() ? 1 : 0;
    } else if (value.is_string()) {
        const auto text = value.get<std::string>();
        if (text == "NaN") {
            real = std::numeric_limits<double>::quiet_NaN();
        } else if (text == "Infinity") {
            real = std::numeric_limits<double>::infinity();
        } else if (text == "-Infinity") {
            real = -std::numeric_limits<double>::infinity();
        } else {
            real = std::strtod(text.c_str(), nullptr);
        }
    }
    switch (info.type) {
        case POSTERIA_FLOAT32:
            return setFill(info, static_cast<float>(real));
        case POSTERIA_FLOAT64:
            return setFill(info, real);
        default:
            break;
    }
    // Whole numbers: two's complement keeps the low bytes the same for every width and sign.
    const auto whole =
        value.is_number_unsigned()  ? value.get<std::uint64_t>()
        : value.is_number_integer() ? static_cast<std::uint64_t>(value.get<std::int64_t>())
        : std::abs(real) < 9e18     ? static_cast<std::uint64_t>(static_cast<std::int64_t>(real))
                                    : 0;
    setFill(info, whole);
}

void check(const ArrayInfo& info) {
    if (info.chunk.size() != info.shape.size())
        throw Problem("The array's chunks do not have the axes of its shape.");
    std::int64_t bytes = static_cast<std::int64_t>(info.pixelBytes);
    for (const auto extent : info.chunk) {
        if (extent > kLargestChunk / bytes)
            throw Problem("The array's chunks are too large to be read.");
        bytes *= extent;
    }
}

// The last of the steps that made the bytes is undone first.
void addDecoder(ArrayInfo& info, const std::string& name) {
    static const std::map<std::string, Codec> known{{"blosc", Codec::Blosc},
                                                    {"zlib", Codec::Deflate},
                                                    {"gzip", Codec::Deflate},
                                                    {"zstd", Codec::Zstd},
                                                    {"crc32c", Codec::Crc32c}};
    const auto found = known.find(name);
    if (found == known.end()) cannot("with the codec \"" + name + "\"");
    for (const Codec other : info.decoders) {
        if (other != Codec::Crc32c && found->second != Codec::Crc32c)
            cannot("compressed twice over");
    }
    info.decoders.insert(info.decoders.begin(), found->second);
}

void useTranspose(ArrayInfo& info, const json& order) {
    const std::size_t n = info.shape.size();
    if (order == "F") {
        for (std::size_t i = 0; i < n; ++i)
            info.order[i] = n - 1 - i;
        return;
    }
    if (order == "C") return;
    std::vector<bool> seen(n, false);
    std::vector<std::size_t> axes;
    for (const auto& item : order.is_array() ? order : json::array()) {
        if (!item.is_number_unsigned() || item >= n || seen[item.get<std::size_t>()]) break;
        seen[item.get<std::size_t>()] = true;
        axes.push_back(item.get<std::size_t>());
    }
    if (axes.size() != n) cannot("in an order of axes that makes no sense");
    info.order = axes;
}

void useShards(ArrayInfo& info, const json& settings);

void useCodecs(ArrayInfo& info, const json& codecs, bool inShard) {
    if (!codecs.is_array()) throw Problem("The array's codecs are missing.");
    bool sharded = false;
    for (const auto& codec : codecs) {
        const auto name =
            codec.is_string() ? codec.get<std::string>() : word(member(codec, "name"));
        const json& settings = member(codec, "configuration");
        if (name == "bytes" || name == "endian") {
            info.bigEndian = word(member(settings, "endian"), "little") == "big";
        } else if (name == "transpose") {
            useTranspose(info, member(settings, "order"));
        } else if (name == "sharding_indexed" && !inShard && info.decoders.empty()) {
            sharded = true;
            useShards(info, settings);
        } else if (sharded) {
            cannot("with \"" + name + "\" around its shards");
        } else {
            addDecoder(info, name);
        }
    }
}

void useShards(ArrayInfo& info, const json& settings) {
    info.shard = info.chunk;
    info.chunk = extents(member(settings, "chunk_shape"), "chunk shape in a shard");
    if (info.chunk.size() != info.shard.size())
        throw Problem("The array's shards do not have the axes of its shape.");
    std::int64_t count = 1;
    for (std::size_t i = 0; i < info.chunk.size(); ++i) {
        const auto along = info.shard[i] / info.chunk[i];
        if (along * info.chunk[i] != info.shard[i] || along > kMostChunksOfShard / count)
            throw Problem("The array's shards do not hold a whole number of chunks.");
        count *= along;
    }
    info.indexBytes = 16 * static_cast<std::size_t>(count);
    for (const auto& codec : member(settings, "index_codecs")) {
        const auto name = word(member(codec, "name"));
        if (name == "crc32c") {
            info.indexBytes += 4;
        } else if (name != "bytes" ||
                   word(member(member(codec, "configuration"), "endian"), "little") != "little") {
            cannot("in shards with a packed index");
        }
    }
    info.indexAtStart = word(member(settings, "index_location")) == "start";
    useCodecs(info, member(settings, "codecs"), true);
}

ArrayInfo begin(const json& description) {
    ArrayInfo info;
    info.shape = extents(member(description, "shape"), "shape");
    info.order.resize(info.shape.size());
    std::iota(info.order.begin(), info.order.end(), std::size_t(0));
    return info;
}

}  // namespace

std::size_t ArrayInfo::chunkPixels() const {
    std::size_t pixels = 1;
    for (const auto extent : chunk)
        pixels *= static_cast<std::size_t>(extent);
    return pixels;
}

ArrayInfo arrayInfoV2(const json& zarray) {
    if (member(zarray, "zarr_format") != 2) throw Problem("The array is of no known Zarr version.");
    ArrayInfo info = begin(zarray);
    info.chunk = extents(member(zarray, "chunks"), "chunk shape");
    const auto type = word(member(zarray, "dtype"));
    useType(info, kTypesV2, type.empty() ? type : type.substr(1), type);
    info.bigEndian = type[0] == '>';
    useTranspose(info, member(zarray, "order").is_null() ? json("C") : member(zarray, "order"));
    useFill(info, member(zarray, "fill_value"));
    const json& filters = member(zarray, "filters");
    if (filters.is_array() && !filters.empty())
        cannot("with the filter \"" + word(member(filters[0], "id"), "?") + "\"");
    const json& compressor = member(zarray, "compressor");
    if (!compressor.is_null()) addDecoder(info, word(member(compressor, "id")));
    info.separator = word(member(zarray, "dimension_separator")) == "/" ? '/' : '.';
    check(info);
    return info;
}

ArrayInfo arrayInfoV3(const json& zarr) {
    if (member(zarr, "zarr_format") != 3) throw Problem("The array is of no known Zarr version.");
    ArrayInfo info = begin(zarr);
    const json& grid = member(zarr, "chunk_grid");
    if (word(member(grid, "name")) != "regular") cannot("in chunks of several sizes");
    info.chunk = extents(member(member(grid, "configuration"), "chunk_shape"), "chunk shape");
    const auto type = word(member(zarr, "data_type"));
    useType(info, kTypesV3, type, type);
    useFill(info, member(zarr, "fill_value"));
    const json& keys = member(zarr, "chunk_key_encoding");
    const bool old = word(member(keys, "name")) == "v2";
    info.keyPrefix = old ? "" : "c";
    const auto separator =
        word(member(member(keys, "configuration"), "separator"), old ? "." : "/");
    info.separator = separator == "." ? '.' : '/';
    if (info.chunk.size() != info.shape.size())
        throw Problem("The array's chunks do not have the axes of its shape.");
    useCodecs(info, member(zarr, "codecs"), false);
    for (const auto& name : member(zarr, "dimension_names"))
        info.axisNames.push_back(word(name));
    check(info);
    return info;
}

}  // namespace ome_zarr
