// Decompression of one chunk. What comes out must have exactly the size that the array's
// description promises; nothing larger is ever allocated.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plugins/ome_zarr/store.h"

namespace ome_zarr {

enum class Codec {
    Blosc,
    Deflate,  // zlib or gzip
    Zstd,
    Crc32c,  // four bytes behind the others
};

// Applies the decoders in the order given; throws Problem without naming the chunk.
Bytes decode(const std::vector<Codec>& decoders, Bytes bytes, std::size_t size);

// For a human reader: "blosc", "zlib", …; "none".
std::string compressionName(const std::vector<Codec>& decoders);

}  // namespace ome_zarr
