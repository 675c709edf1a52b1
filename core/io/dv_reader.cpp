// DeltaVision: a header of 1024 bytes, a longer one of no interest here, and uncompressed planes.
// No Debian library reads it.
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <utility>

#include "core/base/error.h"
#include "core/io/byte_source.h"
#include "core/io/readers.h"

namespace posteria::io {

using image::PixelType;
using image::Plane;

namespace {

constexpr std::size_t kHeaderBytes = 1024, kMagicAt = 96;

void swapEach(std::uint8_t* data, std::size_t bytes, std::size_t width) {
    for (std::size_t i = 0; i + width <= bytes; i += width)
        std::reverse(data + i, data + i + width);
}

bool isLittle(const unsigned char* header) {
    return header[kMagicAt] == 0xA0;
}

// The header's numbers, in the machine's byte order.
class Header {
  public:
    explicit Header(std::vector<std::uint8_t> bytes)
        : m_bytes(std::move(bytes)), m_swap(!isLittle(m_bytes.data())) {}
    bool swapped() const { return m_swap; }
    template <class T>
    T at(std::size_t offset) const {
        std::uint8_t raw[sizeof(T)];
        std::memcpy(raw, m_bytes.data() + offset, sizeof raw);
        if (m_swap) std::reverse(raw, raw + sizeof raw);
        T value;
        std::memcpy(&value, raw, sizeof value);
        return value;
    }

  private:
    std::vector<std::uint8_t> m_bytes;
    bool m_swap;
};

class DvSource : public image::PlaneSource {
  public:
    DvSource(std::shared_ptr<const ByteSource> bytes, std::string path, image::StackInfo info,
             std::string order, std::uint64_t start, bool swapped)
        : m_bytes(std::move(bytes)),
          m_path(std::move(path)),
          m_info(std::move(info)),
          m_order(std::move(order)),
          m_start(start),
          m_swapped(swapped) {}

    Plane read(const image::PlaneIndex& index, int, const image::Rect& rect) const override {
        const auto& s = m_info.shape;
        std::int64_t plane = 0;
        for (char axis : m_order) {
            const auto [at, size] = axis == 'T'   ? std::pair(index.t, s.t)
                                    : axis == 'C' ? std::pair(index.c, s.c)
                                                  : std::pair(index.z, s.z);
            plane = plane * size + at;
        }
        const auto pixel = static_cast<std::int64_t>(image::bytesPerPixel(m_info.type));
        void* memory = nullptr;
        Plane out = Plane::allocate(m_info.type, rect.width, rect.height, &memory);
        auto* to = static_cast<std::uint8_t*>(memory);
        const auto count = static_cast<std::size_t>(rect.width * pixel);
        for (std::int64_t y = rect.y; y < rect.y + rect.height; ++y, to += count) {
            const auto offset =
                m_start + static_cast<std::uint64_t>(((plane * s.y + y) * s.x + rect.x) * pixel);
            if (m_bytes->read(offset, to, count) != count) {
                m_bytes->checkUnchanged();
                throw Error(ErrorKind::Input,
                            "The file is cut short: some of its pixels are missing.", m_path,
                            "Copy it again from its source.");
            }
            if (m_swapped) swapEach(to, count, static_cast<std::size_t>(pixel));
        }
        m_bytes->checkUnchanged();
        return out;
    }

  private:
    std::shared_ptr<const ByteSource> m_bytes;
    std::string m_path;
    image::StackInfo m_info;
    std::string m_order;  // slowest first
    std::uint64_t m_start;
    bool m_swapped;
};

PixelType typeOf(int mode, const std::string& path) {
    switch (mode) {
        case 0:
            return PixelType::UInt8;
        case 1:
            return PixelType::Int16;
        case 2:
            return PixelType::Float32;
        case 6:
            return PixelType::UInt16;
        case 7:
            return PixelType::Int32;
        default:
            throw Error(ErrorKind::Input,
                        mode == 3 || mode == 4
                            ? "The pixels are complex numbers, which cannot be read."
                            : "The pixels are of DeltaVision's type " + std::to_string(mode) +
                                  ", which cannot be read.",
                        path, "Save it as TIFF or OME-TIFF first.");
    }
}

class DvReader : public Reader {
  public:
    const char* name() const override { return "deltavision"; }
    bool canRead(const Candidate& candidate) const override {
        const auto& head = candidate.head;
        return head.size() >= kHeaderBytes &&
               ((head[kMagicAt] == 0xA0 && head[kMagicAt + 1] == 0xC0) ||
                (head[kMagicAt] == 0xC0 && head[kMagicAt + 1] == 0xA0));
    }
    std::vector<image::StackPtr> openAll(const std::string& path) const override {
        auto bytes = std::make_shared<const FileBytes>(path);
        std::vector<std::uint8_t> raw(kHeaderBytes);
        bytes->read(0, raw.data(), raw.size());
        // Columns, rows, planes, type 0-12; pixel size in µm 40-48; bytes of the longer header 92;
        // time points 180, order of planes 182, wavelengths 196, each in nm from 198 on.
        const Header header(std::move(raw));
        image::StackInfo info;
        info.type = typeOf(header.at<std::int32_t>(12), path);
        const std::int64_t planes = header.at<std::int32_t>(8);
        auto& s = info.shape;
        s.x = header.at<std::int32_t>(0);
        s.y = header.at<std::int32_t>(4);
        s.t = std::max<std::int64_t>(1, header.at<std::int16_t>(180));
        s.c = std::max<std::int64_t>(1, header.at<std::int16_t>(196));
        const auto extended = header.at<std::int32_t>(92);
        const auto order = header.at<std::int16_t>(182);
        if (s.x < 1 || s.y < 1 || planes < 1 || extended < 0 || planes % (s.t * s.c) != 0 ||
            order < 0 || order > 2) {
            throw Error(ErrorKind::Input, "The DeltaVision file is damaged: its sizes do not fit.",
                        path, "Copy it again from its source.");
        }
        s.z = planes / (s.t * s.c);
        const auto start = kHeaderBytes + static_cast<std::uint64_t>(extended);
        const auto planeBytes = static_cast<std::uint64_t>(s.x) * static_cast<std::uint64_t>(s.y) *
                                image::bytesPerPixel(info.type);
        const auto size = bytes->identity().size;
        if (start > size || static_cast<std::uint64_t>(planes) > (size - start) / planeBytes) {
            throw Error(ErrorKind::Input, "The file is cut short: some of its pixels are missing.",
                        path, "Copy it again from its source.");
        }
        const std::string orders[] = {"CTZ", "TZC", "TCZ"};  // slowest first
        info.path = path;
        info.reader = name();
        info.name = std::filesystem::path(path).filename().string();
        for (char axis : orders[order]) {
            if ((axis == 'T' ? s.t : axis == 'C' ? s.c : s.z) > 1) info.axes += axis;
        }
        info.axes += "YX";
        const double x = header.at<float>(40), y = header.at<float>(44), z = header.at<float>(48);
        if (x > 0 && y > 0) info.voxelSize = image::VoxelSize{x, y, z > 0 ? z : 1.0};
        info.channels.resize(static_cast<std::size_t>(s.c));
        for (std::size_t c = 0; c < std::min<std::size_t>(info.channels.size(), 5); ++c) {
            const double wavelength = header.at<std::int16_t>(198 + 2 * c);
            if (wavelength > 0) info.channels[c].emissionNm = wavelength;
        }
        info.levels = {{s.y, s.x}};
        auto source = std::make_unique<DvSource>(std::move(bytes), path, info, orders[order], start,
                                                 header.swapped());
        return {std::make_shared<const image::Stack>(info, std::move(source))};
    }
};

}  // namespace

std::unique_ptr<const Reader> makeDvReader() {
    return std::make_unique<DvReader>();
}

}  // namespace posteria::io
