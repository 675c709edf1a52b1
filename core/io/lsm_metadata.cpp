#include "core/io/lsm_metadata.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

namespace posteria::io {

namespace {

using Block = std::vector<std::uint8_t>;

// Zero beyond the end. LSM files are little-endian, and so is every machine we run on.
template <class T>
T valueAt(const Block& block, std::size_t offset) {
    T value = 0;
    if (offset <= block.size() && sizeof value <= block.size() - offset)
        std::memcpy(&value, block.data() + offset, sizeof value);
    return value;
}

// A block of the file of at most `most` bytes; shorter at the file's end, empty for no pointer.
Block blockAt(const ByteSource& bytes, std::uint32_t offset, std::size_t most) {
    Block block;
    if (offset == 0 || offset >= bytes.identity().size) return block;
    block.resize(
        static_cast<std::size_t>(std::min<std::uint64_t>(most, bytes.identity().size - offset)));
    block.resize(bytes.read(offset, block.data(), block.size()));
    return block;
}

// Names and colours: six numbers of 32 bits (size, colours, names, where they begin, …), four bytes
// a colour, and names that each follow their length.
void readColours(const Block& block, std::vector<image::ChannelInfo>& channels) {
    const auto count = std::min<std::size_t>(channels.size(), valueAt<std::uint32_t>(block, 4));
    const std::size_t colours = valueAt<std::uint32_t>(block, 12);
    std::size_t name = valueAt<std::uint32_t>(block, 16);
    for (std::size_t c = 0; c < count && colours + 4 * c + 3 < block.size(); ++c) {
        const auto* rgb = block.data() + colours + 4 * c;
        channels[c].color = static_cast<std::uint32_t>(rgb[0]) << 16 |
                            static_cast<std::uint32_t>(rgb[1]) << 8 | rgb[2];
    }
    for (std::size_t c = 0; c < count && name + 4 < block.size(); ++c) {
        const auto length = valueAt<std::uint32_t>(block, name);
        if (length > block.size() - name - 4) return;
        const std::string text(block.begin() + static_cast<std::ptrdiff_t>(name + 4),
                               block.begin() + static_cast<std::ptrdiff_t>(name + 4 + length));
        channels[c].name = text.substr(0, text.find('\0'));
        name += 4 + length;
    }
}

// The bands of a lambda scan: a count, then the first and last wavelength of each in metres.
void readBands(const Block& block, std::vector<image::ChannelInfo>& channels) {
    if (valueAt<std::int32_t>(block, 0) != static_cast<std::int64_t>(channels.size())) return;
    for (std::size_t c = 0; c < channels.size(); ++c) {
        const double from = valueAt<double>(block, 4 + 16 * c) * 1e9,
                     to = valueAt<double>(block, 12 + 16 * c) * 1e9;
        if (from > 100 && to >= from && to < 1e5) channels[c].emissionNm = (from + to) / 2;
    }
}

// The mean distance of the time stamps: size and count of 32 bits, then seconds.
std::optional<double> meanInterval(const Block& block) {
    const auto count = valueAt<std::int32_t>(block, 4);
    if (count < 2 || 8 + 8 * static_cast<std::size_t>(count) > block.size()) return {};
    const double first = valueAt<double>(block, 8),
                 last = valueAt<double>(block, 8 * static_cast<std::size_t>(count));
    if (!(last > first) || !std::isfinite(last - first)) return {};
    return (last - first) / (count - 1);
}

}  // namespace

std::optional<LsmMetadata> parseLsm(const Block& block, const ByteSource& bytes) {
    // Offsets: magic 0, DimensionX…T 8, 12, 16, 20, 24 (int32), VoxelSizeX…Z 40, 48, 56 (double,
    // metres), SpectralScan 90 (int16), TimeInterval 112 (double, seconds); where channel colours
    // 108, time stamps 132 and the bands of a lambda scan 204 lie in the file (uint32).
    constexpr std::size_t kNeeded = 120, kMostBytes = 1 << 20;
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
    // A single plane has a depth of some 1e-13 µm.
    constexpr double kLeastDepth = 1e-6;
    if (x > 0 && y > 0) meta.voxelSize = image::VoxelSize{x, y, depth > kLeastDepth ? depth : 1.0};
    const double interval = valueAt<double>(block, 112);
    if (t > 1) {
        meta.timeIncrementS = interval > 0
                                  ? interval
                                  : meanInterval(blockAt(bytes, valueAt<std::uint32_t>(block, 132),
                                                         8 + 8 * static_cast<std::size_t>(t)));
    }
    constexpr std::int32_t kManyChannels = 4096;
    if (c > kManyChannels) return meta;
    meta.channels.resize(static_cast<std::size_t>(c));
    const auto colours = valueAt<std::uint32_t>(block, 108);
    const auto size = valueAt<std::uint32_t>(blockAt(bytes, colours, 4), 0);
    readColours(blockAt(bytes, colours, std::min<std::size_t>(size, kMostBytes)), meta.channels);
    if (valueAt<std::int16_t>(block, 90) != 0) {
        readBands(blockAt(bytes, valueAt<std::uint32_t>(block, 204), 4 + 16 * meta.channels.size()),
                  meta.channels);
    }
    return meta;
}

}  // namespace posteria::io
