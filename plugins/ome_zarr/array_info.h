// What the description of a Zarr array says, the same for version 2 (.zarray) and 3 (zarr.json):
// shape, pixels, how they are cut into chunks and how a chunk is stored.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "plugins/ome_zarr/codecs.h"

namespace ome_zarr {

struct ArrayInfo {
    std::vector<std::int64_t> shape, chunk;  // pixels along each axis, slowest first
    std::vector<std::int64_t> shard;  // chunks of this many pixels share a file; empty: none do
    std::vector<std::size_t> order;   // the axes as they lie in a chunk, slowest first
    std::uint32_t type = 0;           // PosteriaPixelType
    std::size_t pixelBytes = 1;
    bool bigEndian = false;
    std::array<std::uint8_t, 8> fill{};  // one pixel, in the machine's byte order
    std::vector<Codec> decoders;         // from the stored bytes to the chunk's
    bool indexAtStart = false;           // of a shard
    std::size_t indexBytes = 0;          // of a shard, checksum included
    std::string keyPrefix;               // "c" in version 3
    char separator = '.';
    std::vector<std::string> axisNames;  // version 3; may be empty

    std::size_t chunkPixels() const;
    std::size_t chunkBytes() const { return chunkPixels() * pixelBytes; }
};

// Both throw Problem for what cannot be read, naming it.
ArrayInfo arrayInfoV2(const nlohmann::json& zarray);
ArrayInfo arrayInfoV3(const nlohmann::json& zarr);

}  // namespace ome_zarr
