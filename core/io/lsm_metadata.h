// The CZ_LSMINFO block of Zeiss LSM files (tag 34412) and the blocks it points to. Private to
// core/io.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/image/types.h"
#include "core/io/byte_source.h"

namespace posteria::io {

struct LsmMetadata {
    std::int64_t sizeZ = 1, sizeC = 1, sizeT = 1;
    std::optional<image::VoxelSize> voxelSize;
    std::optional<double> timeIncrementS;
    std::vector<image::ChannelInfo> channels;  // sizeC of them, or none
};

// Empty when the block is not one. What a pointer into the file leads to nowhere is left out.
std::optional<LsmMetadata> parseLsm(const std::vector<std::uint8_t>& block,
                                    const ByteSource& bytes);

}  // namespace posteria::io
