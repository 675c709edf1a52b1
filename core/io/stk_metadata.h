// The private tags of MetaMorph STK files: many planes behind one directory. Their counts lie about
// their length, so they are read from the file's bytes. Private to core/io.
#pragma once

#include <cstdint>
#include <optional>

#include "core/image/types.h"
#include "core/io/byte_source.h"

namespace posteria::io {

struct StkMetadata {
    std::int64_t planes = 1;
    bool slices = false;  // planes differ in depth; else in time
    std::optional<image::VoxelSize> voxelSize;
    std::optional<double> timeIncrementS;
};

// Empty when the first directory has no such tags.
std::optional<StkMetadata> parseStk(const ByteSource& bytes);

}  // namespace posteria::io
