// The CZ_LSMINFO block of Zeiss LSM files (tag 34412). Private to core/io.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/image/types.h"

namespace posteria::io {

struct LsmMetadata {
    std::int64_t sizeZ = 1, sizeC = 1, sizeT = 1;
    std::optional<image::VoxelSize> voxelSize;
    std::optional<double> timeIncrementS;
};

// Empty when the block is not one.
std::optional<LsmMetadata> parseLsm(const std::vector<std::uint8_t>& block);

}  // namespace posteria::io
