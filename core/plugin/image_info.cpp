#include "core/plugin/image_info.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <optional>

#include "core/base/error.h"

namespace posteria::plugin {

namespace {

using image::PixelType;

static_assert(POSTERIA_FLOAT64 - POSTERIA_UINT8 ==
              static_cast<int>(PixelType::Float64) - static_cast<int>(PixelType::UInt8));

constexpr std::int64_t kLongestAxis = std::int64_t(1) << 31;
constexpr double kMostBytes = 1e18;
constexpr std::size_t kLongestText = 4096, kMostWarnings = 100;

std::string text(const char* from) {
    return from ? std::string(from, strnlen(from, kLongestText)) : std::string();
}

std::optional<double> positive(double value) {
    return std::isfinite(value) && value > 0 ? std::optional(value) : std::nullopt;
}

image::ChannelInfo channelInfo(const PosteriaChannel& from) {
    image::ChannelInfo to;
    to.name = text(from.name);
    if (from.color >= 0 && from.color <= 0xffffff)
        to.color = static_cast<std::uint32_t>(from.color);
    to.excitationNm = positive(from.excitation_nm);
    to.emissionNm = positive(from.emission_nm);
    if (std::isfinite(from.display_min) && std::isfinite(from.display_max) &&
        from.display_min < from.display_max)
        to.displayRange = {{from.display_min, from.display_max}};
    return to;
}

}  // namespace

image::StackInfo stackInfo(const PosteriaImageInfo* given, const std::string& path) {
    const auto refuse = [&path](const std::string& what) -> Error {
        return Error(ErrorKind::Input, "The plugin describes an image " + what + ".", path,
                     "The file may be damaged.");
    };
    // A plugin built with an older header knows a shorter struct; what it does not know is zero.
    PosteriaImageInfo from = {};
    constexpr std::size_t kNeeded = offsetof(PosteriaImageInfo, name);
    if (!given || given->struct_size < kNeeded) throw refuse("that is not there");
    std::memcpy(&from, given, std::min<std::size_t>(given->struct_size, sizeof from));

    if (from.type < POSTERIA_UINT8 || from.type > POSTERIA_FLOAT64)
        throw refuse("with an unknown type of pixels");
    double bytes = 8;
    for (const auto extent : from.extent) {
        if (extent < 1 || extent > kLongestAxis) throw refuse("of an impossible size");
        bytes *= static_cast<double>(extent);
    }
    if (bytes > kMostBytes) throw refuse("of an impossible size");

    image::StackInfo to;
    to.path = path;
    to.name = text(from.name);
    to.type = static_cast<PixelType>(from.type - POSTERIA_UINT8);
    to.shape = {from.extent[0], from.extent[1], from.extent[2], from.extent[3], from.extent[4]};
    to.axes = from.axes ? text(from.axes) : "TCZYX";
    const auto x = positive(from.voxel_um[0]), y = positive(from.voxel_um[1]),
               z = positive(from.voxel_um[2]);
    if (x || y) to.voxelSize = image::VoxelSize{x ? *x : *y, y ? *y : *x, z.value_or(1)};
    to.timeIncrementS = positive(from.time_increment_s);
    if (from.channels) {
        for (std::int64_t c = 0; c < to.shape.c; ++c)
            to.channels.push_back(channelInfo(from.channels[c]));
    }
    for (std::int64_t k = 0; from.levels && k < from.level_count; ++k) {
        const auto& level = from.levels[k];
        const auto& above = k ? to.levels.back() : image::LevelSize{to.shape.y, to.shape.x};
        if (level.height < 1 || level.width < 1 || level.height > above.height ||
            level.width > above.width || k > 64)
            throw refuse("with an impossible pyramid");
        if (k == 0 && (level.height != above.height || level.width != above.width))
            throw refuse("with an impossible pyramid");
        to.levels.push_back({level.height, level.width});
    }
    if (from.compression) to.compression = text(from.compression);
    to.tiled = from.tiled != 0;
    for (std::size_t i = 0; from.warnings && from.warnings[i] && i < kMostWarnings; ++i)
        to.warnings.push_back(text(from.warnings[i]));
    return to;
}

PosteriaBuffer planeBuffer(void* data, PixelType type, std::int64_t height, std::int64_t width) {
    const auto pixel = static_cast<std::int64_t>(image::bytesPerPixel(type));
    const auto row = width * pixel, plane = height * row;
    return {data,
            static_cast<std::uint32_t>(type) + POSTERIA_UINT8,
            {1, 1, 1, height, width},
            {plane, plane, plane, row, pixel}};
}

DescribedImage::DescribedImage(const image::StackInfo& from) {
    for (const auto& channel : from.channels) {
        PosteriaChannel to = {};
        to.name = channel.name.empty() ? nullptr : channel.name.c_str();
        to.color = channel.color ? static_cast<std::int64_t>(*channel.color) : -1;
        to.excitation_nm = channel.excitationNm.value_or(0);
        to.emission_nm = channel.emissionNm.value_or(0);
        if (channel.displayRange) {
            to.display_min = (*channel.displayRange)[0];
            to.display_max = (*channel.displayRange)[1];
        }
        m_channels.push_back(to);
    }
    m_info.struct_size = sizeof m_info;
    m_info.type = static_cast<std::uint32_t>(from.type) + POSTERIA_UINT8;
    const auto& s = from.shape;
    const std::int64_t extent[5] = {s.t, s.c, s.z, s.y, s.x};
    std::copy(extent, extent + 5, m_info.extent);
    if (from.voxelSize) {
        m_info.voxel_um[0] = from.voxelSize->x;
        m_info.voxel_um[1] = from.voxelSize->y;
        m_info.voxel_um[2] = from.voxelSize->z;
    }
    m_info.time_increment_s = from.timeIncrementS.value_or(0);
    m_info.name = from.name.c_str();
    m_info.axes = from.axes.empty() ? nullptr : from.axes.c_str();
    m_info.channels = m_channels.empty() ? nullptr : m_channels.data();
}

}  // namespace posteria::plugin
