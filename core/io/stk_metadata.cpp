#include "core/io/stk_metadata.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/io/imagej_metadata.h"

namespace posteria::io {

namespace {

constexpr int kCalibration = 33628, kPlanes = 33629;               // UIC1, UIC2
constexpr std::uint32_t kSpatial = 4, kX = 5, kY = 6, kUnits = 7;  // entries of UIC1

// Numbers at offsets of the file, in its byte order; zero beyond its end.
class Numbers {
  public:
    explicit Numbers(const ByteSource& bytes) : m_bytes(bytes), m_little(byte(0) == 'I') {}

    std::uint32_t at(std::uint64_t offset, int width) const {
        std::uint8_t raw[4] = {};
        if (m_bytes.read(offset, raw, static_cast<std::size_t>(width)) !=
            static_cast<std::size_t>(width))
            return 0;
        std::uint32_t value = 0;
        for (int i = 0; i < width; ++i)
            value = value << 8 | raw[m_little ? width - 1 - i : i];
        return value;
    }
    double ratio(std::uint64_t offset) const {
        const double below = at(offset + 4, 4);
        return below > 0 ? at(offset, 4) / below : 0;
    }
    std::string text(std::uint64_t offset) const {
        std::string text(std::min<std::uint32_t>(at(offset, 4), 64), '\0');
        text.resize(m_bytes.read(offset + 4, text.data(), text.size()));
        return text.substr(0, text.find('\0'));
    }

  private:
    std::uint8_t byte(std::uint64_t offset) const {
        std::uint8_t value = 0;
        m_bytes.read(offset, &value, 1);
        return value;
    }

    const ByteSource& m_bytes;
    bool m_little;
};

struct Tag {
    std::uint32_t count = 0;
    std::uint64_t offset = 0;
};

Tag findTag(const Numbers& file, int wanted) {
    const std::uint64_t directory = file.at(4, 4);
    const auto entries = file.at(directory, 2);
    for (std::uint32_t i = 0; i < entries; ++i) {
        const auto entry = directory + 2 + 12 * i;
        if (file.at(entry, 2) == static_cast<std::uint32_t>(wanted))
            return {file.at(entry + 4, 4), file.at(entry + 8, 4)};
    }
    return {};
}

std::optional<image::VoxelSize> lateral(const Numbers& file, const Tag& tag) {
    bool calibrated = false;
    double x = 0, y = 0;
    std::string unit;
    for (std::uint32_t i = 0; i < std::min<std::uint32_t>(tag.count, 256); ++i) {
        const auto value = file.at(tag.offset + 8 * i + 4, 4);
        switch (file.at(tag.offset + 8 * i, 4)) {
            case kSpatial:
                calibrated = value != 0;
                break;
            case kX:
                x = file.ratio(value);
                break;
            case kY:
                y = file.ratio(value);
                break;
            case kUnits:
                unit = file.text(value);
                break;
            default:
                break;
        }
    }
    const auto scale = micrometresPer(unit);
    if (!calibrated || !scale || !(x > 0) || !(y > 0)) return {};
    return image::VoxelSize{x * *scale, y * *scale, 1.0};
}

}  // namespace

std::optional<StkMetadata> parseStk(const ByteSource& bytes) {
    const Numbers file(bytes);
    const Tag planes = findTag(file, kPlanes);
    // Six numbers a plane: distance to the plane before (a ratio), then date and time in
    // milliseconds of the day, of making and of changing.
    constexpr std::uint64_t kPlaneBytes = 24;
    if (planes.count < 1 || planes.offset + planes.count * kPlaneBytes > bytes.identity().size)
        return {};
    StkMetadata meta;
    meta.planes = planes.count;
    meta.voxelSize = lateral(file, findTag(file, kCalibration));
    double depth = 0;
    bool slices = meta.planes > 1;
    for (std::uint32_t i = 1; i < planes.count && slices; ++i) {
        const double step = file.ratio(planes.offset + i * kPlaneBytes);
        slices = step > 0;
        depth += step / (planes.count - 1);
    }
    if (slices && meta.voxelSize) meta.voxelSize->z = depth;
    if (!slices && meta.planes > 1) {
        const auto last = planes.offset + (planes.count - 1) * kPlaneBytes;
        constexpr double kDayMs = 86400e3;
        const double days = static_cast<double>(file.at(last + 8, 4)) -
                            static_cast<double>(file.at(planes.offset + 8, 4));
        const double ms = days * kDayMs + file.at(last + 12, 4) - file.at(planes.offset + 12, 4);
        if (ms > 0) meta.timeIncrementS = ms / 1e3 / static_cast<double>(meta.planes - 1);
    }
    // Planes that nothing is said of are slices, as in every TIFF.
    meta.slices = !meta.timeIncrementS;
    return meta;
}

}  // namespace posteria::io
