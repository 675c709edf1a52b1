#include "core/io/lsm_metadata.h"

#include <cstring>

namespace posteria::io {

namespace {

template <class T>
T valueAt(const std::vector<std::uint8_t>& block, std::size_t offset) {
    T value = 0;
    std::memcpy(&value, block.data() + offset, sizeof value);
    return value;
}

}  // namespace

std::optional<LsmMetadata> parseLsm(const std::vector<std::uint8_t>& block) {
    // Offsets: magic 0, DimensionX…T 8, 12, 16, 20, 24 (int32), VoxelSizeX…Z 40, 48, 56 (double,
    // metres), TimeInterval 112 (double, seconds). Always little-endian.
    constexpr std::size_t kNeeded = 120;
    if (block.size() < kNeeded) return {};
    const auto magic = valueAt<std::uint32_t>(block, 0);
    if (magic != 0x0300494Cu && magic != 0x0400494Cu) return {};
    LsmMetadata meta;
    const auto z = valueAt<std::int32_t>(block, 16), c = valueAt<std::int32_t>(block, 20),
               t = valueAt<std::int32_t>(block, 24);
    if (z < 1 || c < 1 || t < 1) return {};
    meta.sizeZ = z;
    meta.sizeC = c;
    meta.sizeT = t;
    const double x = valueAt<double>(block, 40) * 1e6, y = valueAt<double>(block, 48) * 1e6,
                 depth = valueAt<double>(block, 56) * 1e6;
    if (x > 0 && y > 0) meta.voxelSize = image::VoxelSize{x, y, depth > 0 ? depth : 1.0};
    const double interval = valueAt<double>(block, 112);
    if (interval > 0 && t > 1) meta.timeIncrementS = interval;
    return meta;
}

}  // namespace posteria::io
