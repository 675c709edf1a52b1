#include "core/io/ome_tiff_writer.h"

#include <fcntl.h>
#include <tiffio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <optional>
#include <type_traits>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/version.h"
#include "core/io/ome_xml.h"

namespace posteria::io {

using image::LevelSize;
using image::Plane;
using image::Rect;
using image::StackInfo;

namespace {

constexpr std::int64_t kBandBytes = 16 << 20;           // fetched from the source at once
constexpr std::int64_t kStripBytes = 256 << 10;         // of one strip
constexpr std::int64_t kSmallestLevel = 256;            // a pyramid ends at this size
constexpr std::uint64_t kClassicBytes = 0xE0000000ull;  // beyond, directories might not fit in 4 GB

using Fetch = std::function<Plane(const Rect&)>;

Error writeError(const std::string& path, const std::string& detail, int code) {
    if (code == ENOSPC || code == EDQUOT) {
        return Error(ErrorKind::Failed, "The disk is full.", path,
                     "Free some space or choose another folder.");
    }
    if (detail.find("aximum TIFF file size") != std::string::npos) {
        return Error(ErrorKind::Failed, "The image needs more than the 4 GB of a classic TIFF.",
                     path, "Allow BigTIFF.");
    }
    return Error(ErrorKind::Failed,
                 std::string("The file cannot be written: ") +
                     (code ? std::strerror(code) : detail.c_str()) + ".",
                 path, "Choose another folder.");
}

// Mean of two by two pixels; the last row and column of an odd size stand alone.
Plane halved(const Plane& from) {
    void* memory = nullptr;
    const auto width = (from.width() + 1) / 2, height = (from.height() + 1) / 2;
    Plane to = Plane::allocate(from.type(), width, height, &memory);
    image::visit(from, [&](const auto* p) {
        using T = std::decay_t<decltype(*p)>;
        using Sum = std::conditional_t<
            std::is_floating_point_v<T>, double,
            std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>;
        auto* out = static_cast<T*>(memory);
        for (std::int64_t y = 0; y < height; ++y) {
            const T* upper = p + 2 * y * from.width();
            const T* lower = 2 * y + 1 < from.height() ? upper + from.width() : upper;
            for (std::int64_t x = 0; x < width; ++x) {
                const auto left = 2 * x, right = std::min(left + 1, from.width() - 1);
                const Sum sum = static_cast<Sum>(upper[left]) + static_cast<Sum>(upper[right]) +
                                static_cast<Sum>(lower[left]) + static_cast<Sum>(lower[right]);
                if constexpr (std::is_floating_point_v<T>) {
                    *out++ = static_cast<T>(sum / 4);
                } else {
                    *out++ = static_cast<T>((sum + (sum < 0 ? -2 : 2)) / 4);
                }
            }
        }
    });
    return to;
}

// Rows of a smaller level, kept on disk while the larger one is written.
class RowSpool {
  public:
    RowSpool(const std::string& beside, image::PixelType type, LevelSize size)
        : m_pending(beside),
          m_type(type),
          m_size(size),
          m_file(::open(m_pending.path().c_str(), O_RDWR | O_TRUNC | O_CLOEXEC)) {
        if (m_file < 0) throw writeError(beside, {}, errno);
    }
    ~RowSpool() { ::close(m_file); }
    RowSpool(const RowSpool&) = delete;
    RowSpool& operator=(const RowSpool&) = delete;

    void append(const Plane& rows) {
        const auto* data = static_cast<const char*>(rows.data());
        auto left = static_cast<std::size_t>(rows.size()) * image::bytesPerPixel(m_type);
        while (left > 0) {
            const auto written = ::write(m_file, data, left);
            if (written < 0) throw writeError(m_pending.path(), {}, errno);
            data += written;
            left -= static_cast<std::size_t>(written);
        }
    }
    // Whole rows only.
    Plane read(const Rect& rect) const {
        void* memory = nullptr;
        Plane plane = Plane::allocate(m_type, rect.width, rect.height, &memory);
        const auto bytes =
            static_cast<std::size_t>(rect.width * rect.height) * image::bytesPerPixel(m_type);
        const auto offset = static_cast<off_t>(rect.y * m_size.width) *
                            static_cast<off_t>(image::bytesPerPixel(m_type));
        if (::pread(m_file, memory, bytes, offset) != static_cast<ssize_t>(bytes)) {
            throw Error(ErrorKind::Failed, "A temporary file cannot be read back.",
                        m_pending.path());
        }
        return plane;
    }

  private:
    PendingFile m_pending;
    image::PixelType m_type;
    LevelSize m_size;
    int m_file;
};

}  // namespace

class OmeTiffWriter::Impl {
  public:
    Impl(const std::string& path, std::vector<StackInfo> series, const OmeTiffOptions& options)
        : m_path(path),
          m_series(std::move(series)),
          m_options(options),
          m_pending(path),
          m_tiff(nullptr, &TIFFClose) {
        std::uint64_t bytes = 0;
        for (const auto& info : m_series) {
            if (info.shape.planes() < 1)
                throw Error(ErrorKind::Usage, "An image without planes cannot be written.", path);
            bytes += info.bytes();
        }
        if (m_options.pyramid) {
            m_options.tile = std::max(m_options.tile, 256);
            bytes += bytes / 3;
        }
        m_xml = makeOmeXml(m_series);
        const bool big = options.bigTiff == BigTiff::Yes ||
                         (options.bigTiff == BigTiff::Auto && bytes > kClassicBytes);
        std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> open(TIFFOpenOptionsAlloc(),
                                                                          &TIFFOpenOptionsFree);
        TIFFOpenOptionsSetErrorHandlerExtR(open.get(), &onMessage, this);
        TIFFOpenOptionsSetWarningHandlerExtR(
            open.get(), [](TIFF*, void*, const char*, const char*, va_list) { return 1; }, nullptr);
        m_tiff.reset(TIFFOpenExt(m_pending.path().c_str(), big ? "wl8" : "wl", open.get()));
        if (!m_tiff) fail();
    }

    void write(const Fetch& fetch, std::int64_t width, std::int64_t height, image::PixelType type) {
        if (m_index >= m_series.size())
            throw Error(ErrorKind::Usage, "There are more planes than were announced.", m_path);
        const auto& info = m_series[m_index];
        if (width != info.shape.x || height != info.shape.y || type != info.type) {
            throw Error(ErrorKind::Usage, "A plane does not fit the size or type of its series.",
                        m_path);
        }
        std::vector<LevelSize> levels{{height, width}};
        while (m_options.pyramid &&
               std::max(levels.back().height, levels.back().width) > kSmallestLevel) {
            levels.push_back({(levels.back().height + 1) / 2, (levels.back().width + 1) / 2});
        }
        std::unique_ptr<RowSpool> source, target;
        for (std::size_t level = 0; level < levels.size(); ++level) {
            target = level + 1 < levels.size()
                         ? std::make_unique<RowSpool>(m_path, type, levels[level + 1])
                         : nullptr;
            const Fetch rows =
                level == 0 ? fetch : Fetch([&source](const Rect& r) { return source->read(r); });
            setTags(info, levels[level], level, levels.size() - 1);
            writePixels(rows, levels[level], type, target.get());
            if (!TIFFWriteDirectory(m_tiff.get())) fail();
            source = std::move(target);
        }
        if (++m_plane == info.shape.planes()) {
            m_plane = 0;
            ++m_index;
        }
    }

    void finish() {
        if (m_index < m_series.size())
            throw Error(ErrorKind::Usage, "Some planes of the image were not written.", m_path);
        m_lastError.clear();
        m_tiff.reset();
        if (!m_lastError.empty()) fail();
        m_pending.commit();
    }

  private:
    static int onMessage(TIFF*, void* self, const char*, const char* format, va_list arguments) {
        const int code = errno;
        char text[512];
        std::vsnprintf(text, sizeof text, format, arguments);
        auto* writer = static_cast<Impl*>(self);
        writer->m_lastError = text;
        writer->m_lastCode = code;
        return 1;
    }
    [[noreturn]] void fail() const { throw writeError(m_path, m_lastError, m_lastCode); }

    void setTags(const StackInfo& info, const LevelSize& size, std::size_t level,
                 std::size_t smaller) {
        TIFF* tiff = m_tiff.get();
        const auto bits = static_cast<int>(image::bytesPerPixel(info.type) * 8);
        const bool real = image::isFloat(info.type);
        const bool isSigned = info.type == image::PixelType::Int8 ||
                              info.type == image::PixelType::Int16 ||
                              info.type == image::PixelType::Int32;
        errno = 0;
        TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, level > 0 ? FILETYPE_REDUCEDIMAGE : 0);
        TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(size.width));
        TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(size.height));
        TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, bits);
        TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
        TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT,
                     real       ? SAMPLEFORMAT_IEEEFP
                     : isSigned ? SAMPLEFORMAT_INT
                                : SAMPLEFORMAT_UINT);
        TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
        TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
        setCodec(real);
        if (m_options.tile > 0) {
            TIFFSetField(tiff, TIFFTAG_TILEWIDTH, static_cast<std::uint32_t>(m_options.tile));
            TIFFSetField(tiff, TIFFTAG_TILELENGTH, static_cast<std::uint32_t>(m_options.tile));
        } else {
            TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP,
                         static_cast<std::uint32_t>(chunkRows(size, info.type)));
        }
        if (info.voxelSize && info.voxelSize->x > 0 && info.voxelSize->y > 0) {
            const double scale =
                static_cast<double>(size.width) / static_cast<double>(info.shape.x);
            TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_CENTIMETER);
            TIFFSetField(tiff, TIFFTAG_XRESOLUTION, 1e4 / info.voxelSize->x * scale);
            TIFFSetField(tiff, TIFFTAG_YRESOLUTION, 1e4 / info.voxelSize->y * scale);
        }
        TIFFSetField(tiff, TIFFTAG_SOFTWARE, (std::string("Posteria ") + kVersion).c_str());
        if (level > 0) return;
        if (m_index == 0 && m_plane == 0)
            TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, m_xml.c_str());
        if (smaller > 0) {
            // The next directories become the SubIFDs of this one; libtiff fills in where they lie.
            const std::vector<std::uint64_t> unknown(smaller, 0);
            TIFFSetField(tiff, TIFFTAG_SUBIFD, static_cast<int>(smaller), unknown.data());
        }
    }

    void setCodec(bool real) {
        constexpr int kZstdLevel =
            3;  // larger ones cost much time and save little of a noisy image
        TIFF* tiff = m_tiff.get();
        int codec = COMPRESSION_NONE;
        switch (m_options.compression) {
            case Compression::None:
                break;
            case Compression::Lzw:
                codec = COMPRESSION_LZW;
                break;
            case Compression::Deflate:
                codec = COMPRESSION_ADOBE_DEFLATE;
                break;
            case Compression::Zstd:
                codec = COMPRESSION_ZSTD;
                break;
        }
        if (!TIFFSetField(tiff, TIFFTAG_COMPRESSION, codec)) {
            throw Error(ErrorKind::Failed, "This build of libtiff lacks the chosen compression.",
                        m_path, "Choose deflate.");
        }
        if (codec == COMPRESSION_NONE) return;
        if (codec == COMPRESSION_ZSTD) TIFFSetField(tiff, TIFFTAG_ZSTD_LEVEL, kZstdLevel);
        // Fiji's readers stop at the floating-point predictor ("Unknown Predictor (3)"), so floats
        // go without one in the codecs they know; readers that know zstd know the predictor as
        // well.
        if (!real) TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
        if (real && codec == COMPRESSION_ZSTD)
            TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_FLOATINGPOINT);
    }

    std::int64_t chunkRows(const LevelSize& size, image::PixelType type) const {
        if (m_options.tile > 0) return m_options.tile;
        const auto rowBytes = size.width * static_cast<std::int64_t>(image::bytesPerPixel(type));
        // Even, so that bands halve cleanly.
        return std::min(size.height, std::max<std::int64_t>(2, kStripBytes / rowBytes / 2 * 2));
    }

    void writePixels(const Fetch& fetch, const LevelSize& size, image::PixelType type,
                     RowSpool* smaller) {
        const auto rows = chunkRows(size, type);
        const auto rowBytes = size.width * static_cast<std::int64_t>(image::bytesPerPixel(type));
        const auto bandRows = std::max<std::int64_t>(1, kBandBytes / rowBytes / rows) * rows;
        for (std::int64_t y = 0; y < size.height; y += bandRows) {
            const Plane band = fetch({0, y, size.width, std::min(bandRows, size.height - y)});
            for (std::int64_t row = 0; row < band.height(); row += rows) {
                writeChunkRow(band, row, std::min(rows, band.height() - row), y + row);
            }
            if (smaller) smaller->append(halved(band));
        }
    }

    // One strip, or one row of tiles; the last tiles are padded with zeros.
    void writeChunkRow(const Plane& band, std::int64_t row, std::int64_t rows, std::int64_t y) {
        TIFF* tiff = m_tiff.get();
        const auto pixel = image::bytesPerPixel(band.type());
        const auto* from = static_cast<const std::uint8_t*>(band.data()) +
                           static_cast<std::size_t>(row * band.width()) * pixel;
        const auto rowBytes = static_cast<std::size_t>(band.width()) * pixel;
        errno = 0;
        if (m_options.tile == 0) {
            // libtiff's predictors work in place, so it gets a copy.
            m_buffer.assign(from, from + static_cast<std::size_t>(rows) * rowBytes);
            const auto strip = TIFFComputeStrip(tiff, static_cast<std::uint32_t>(y), 0);
            if (TIFFWriteEncodedStrip(tiff, strip, m_buffer.data(),
                                      static_cast<tmsize_t>(m_buffer.size())) < 0)
                fail();
            return;
        }
        const auto side = static_cast<std::size_t>(m_options.tile);
        for (std::int64_t x = 0; x < band.width(); x += m_options.tile) {
            const auto bytes =
                static_cast<std::size_t>(std::min<std::int64_t>(m_options.tile, band.width() - x)) *
                pixel;
            m_buffer.assign(side * side * pixel, 0);
            for (std::size_t i = 0; i < static_cast<std::size_t>(rows); ++i) {
                std::memcpy(m_buffer.data() + i * side * pixel,
                            from + i * rowBytes + static_cast<std::size_t>(x) * pixel, bytes);
            }
            const auto tile = TIFFComputeTile(tiff, static_cast<std::uint32_t>(x),
                                              static_cast<std::uint32_t>(y), 0, 0);
            if (TIFFWriteEncodedTile(tiff, tile, m_buffer.data(),
                                     static_cast<tmsize_t>(m_buffer.size())) < 0)
                fail();
        }
    }

    std::string m_path;
    std::vector<StackInfo> m_series;
    OmeTiffOptions m_options;
    PendingFile m_pending;
    std::string m_xml, m_lastError;
    int m_lastCode = 0;
    std::unique_ptr<TIFF, void (*)(TIFF*)> m_tiff;
    std::vector<std::uint8_t> m_buffer;
    std::size_t m_index = 0;   // of the series being written
    std::int64_t m_plane = 0;  // of that series
};

OmeTiffWriter::OmeTiffWriter(const std::string& path, std::vector<StackInfo> series,
                             const OmeTiffOptions& options)
    : m_impl(std::make_unique<Impl>(path, std::move(series), options)) {}
OmeTiffWriter::~OmeTiffWriter() = default;

void OmeTiffWriter::writePlane(const Plane& plane) {
    const auto pixel = image::bytesPerPixel(plane.type());
    const auto rows = [&plane, pixel](const Rect& r) {
        const auto* first = static_cast<const std::byte*>(plane.data()) +
                            static_cast<std::size_t>(r.y * plane.width()) * pixel;
        return Plane(plane.type(), r.width, r.height, plane.owner(), first);
    };
    m_impl->write(rows, plane.width(), plane.height(), plane.type());
}

void OmeTiffWriter::writePlane(const image::Stack& from, const image::PlaneIndex& plane,
                               const CancelToken& token) {
    const auto& info = from.info();
    const auto rows = [&](const Rect& r) {
        token.throwIfCancelled();
        return from.read(plane, 0, r);
    };
    m_impl->write(rows, info.shape.x, info.shape.y, info.type);
}

void OmeTiffWriter::finish() {
    m_impl->finish();
}

void writeOmeTiff(const std::string& path, const std::vector<image::StackPtr>& series,
                  const OmeTiffOptions& options, const CancelToken& token,
                  const WriteProgress& progress) {
    std::vector<StackInfo> infos;
    std::int64_t planes = 0, done = 0;
    for (const auto& stack : series) {
        infos.push_back(stack->info());
        planes += stack->shape().planes();
    }
    OmeTiffWriter writer(path, std::move(infos), options);
    for (const auto& stack : series) {
        const auto& shape = stack->shape();
        for (std::int64_t t = 0; t < shape.t; ++t) {
            for (std::int64_t c = 0; c < shape.c; ++c) {
                for (std::int64_t z = 0; z < shape.z; ++z) {
                    writer.writePlane(*stack, {t, c, z}, token);
                    if (progress) progress(++done, planes);
                }
            }
        }
    }
    writer.finish();
}

}  // namespace posteria::io
