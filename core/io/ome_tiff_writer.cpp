#include "core/io/ome_tiff_writer.h"

#include <tiffio.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/version.h"
#include "core/image/reduced_plane.h"
#include "core/io/chunk_encoder.h"
#include "core/io/ome_xml.h"
#include "core/io/parallel.h"
#include "core/io/row_spool.h"
#include "core/io/write_error.h"

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
            const auto format = formatOf(info, levels[level]);
            setTags(info, levels[level], format, level, levels.size() - 1);
            writePixels(rows, levels[level], format, target.get());
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

    void setTags(const StackInfo& info, const LevelSize& size, const ChunkFormat& format,
                 std::size_t level, std::size_t smaller) {
        TIFF* tiff = m_tiff.get();
        errno = 0;
        TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, level > 0 ? FILETYPE_REDUCEDIMAGE : 0);
        TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(size.width));
        TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(size.height));
        TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, format.bits);
        TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
        TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, format.sampleFormat);
        TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
        TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
        if (!setCodec(tiff, format)) {
            throw Error(ErrorKind::Failed, "This build of libtiff lacks the chosen compression.",
                        m_path, "Choose deflate.");
        }
        if (format.tiled) {
            TIFFSetField(tiff, TIFFTAG_TILEWIDTH, format.width);
            TIFFSetField(tiff, TIFFTAG_TILELENGTH, format.rows);
        } else {
            TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, format.rows);
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

    // How the strips or tiles of a level are stored.
    ChunkFormat formatOf(const StackInfo& info, const LevelSize& size) const {
        ChunkFormat format;
        const bool real = image::isFloat(info.type);
        format.tiled = m_options.tile > 0;
        format.rows = static_cast<std::uint32_t>(chunkRows(size, info.type));
        format.width = format.tiled ? format.rows : static_cast<std::uint32_t>(size.width);
        format.bits = static_cast<int>(image::bytesPerPixel(info.type) * 8);
        format.sampleFormat = real ? SAMPLEFORMAT_IEEEFP
                              : info.type == image::PixelType::Int8 ||
                                      info.type == image::PixelType::Int16 ||
                                      info.type == image::PixelType::Int32
                                  ? SAMPLEFORMAT_INT
                                  : SAMPLEFORMAT_UINT;
        constexpr int kCodecs[] = {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE,
                                   COMPRESSION_ZSTD};
        format.compression = kCodecs[static_cast<int>(m_options.compression)];
        // Level 3 takes three times as long and saves a hundredth of a noisy image.
        constexpr int kZstdLevel = 1;
        format.zstdLevel = kZstdLevel;
        // ImageJ forgets to undo the differences of deflate, and stops at those of floats; readers
        // that know zstd know both.
        const bool zstd = format.compression == COMPRESSION_ZSTD;
        if (!real && (zstd || format.compression == COMPRESSION_LZW))
            format.predictor = PREDICTOR_HORIZONTAL;
        if (real && zstd) format.predictor = PREDICTOR_FLOATINGPOINT;
        return format;
    }

    std::int64_t chunkRows(const LevelSize& size, image::PixelType type) const {
        if (m_options.tile > 0) return m_options.tile;
        const auto rowBytes = size.width * static_cast<std::int64_t>(image::bytesPerPixel(type));
        // Even, so that bands halve cleanly.
        return std::min(size.height, std::max<std::int64_t>(2, kStripBytes / rowBytes / 2 * 2));
    }

    // Band by band: its strips or tiles are compressed, and the next smaller level is made, on all
    // cores; the file is written by this thread, in order.
    void writePixels(const Fetch& fetch, const LevelSize& size, const ChunkFormat& format,
                     RowSpool* smaller) {
        const std::int64_t rows = format.rows, rowBytes = size.width * format.bits / 8;
        const auto bandRows = std::max<std::int64_t>(1, kBandBytes / rowBytes / rows) * rows;
        const auto across = (size.width + format.width - 1) / format.width;
        prepareEncoders(format);
        std::uint32_t stored = 0;
        for (std::int64_t y = 0; y < size.height; y += bandRows) {
            const Plane band = fetch({0, y, size.width, std::min(bandRows, size.height - y)});
            const auto count = static_cast<std::size_t>((band.height() + rows - 1) / rows * across);
            std::vector<std::vector<std::uint8_t>> chunks(count);
            Plane half;
            const std::size_t first = smaller ? 1 : 0;  // the longest piece of work goes first
            forEachInParallel(count + first, [&](std::size_t worker, std::size_t i) {
                if (i < first) {
                    half = halved(band);
                    return;
                }
                auto pixels =
                    chunkPixels(band, format, static_cast<std::int64_t>(i - first), across);
                chunks[i - first] = m_encoders[worker]->encode(pixels);
            });
            for (auto& chunk : chunks)
                writeChunk(format.tiled, stored++, chunk);
            if (smaller) smaller->append(half);
        }
    }

    void prepareEncoders(const ChunkFormat& format) {
        if (!m_encoders.empty() && m_encoders.front()->format() == format) return;
        m_encoders.clear();
        for (std::size_t i = 0; i < workerCount(); ++i)
            m_encoders.push_back(std::make_unique<ChunkEncoder>(format));
    }

    // The pixels of one strip or tile of a band; what lies beyond the image's edge is zero.
    static std::vector<std::uint8_t> chunkPixels(const Plane& band, const ChunkFormat& format,
                                                 std::int64_t index, std::int64_t across) {
        const auto pixel = static_cast<std::int64_t>(image::bytesPerPixel(band.type()));
        const std::int64_t x = index % across * format.width, y = index / across * format.rows;
        const auto rows = std::min<std::int64_t>(format.rows, band.height() - y);
        const auto columns = std::min<std::int64_t>(format.width, band.width() - x);
        const auto* from = static_cast<const std::uint8_t*>(band.data());
        std::vector<std::uint8_t> pixels(
            static_cast<std::size_t>((format.tiled ? format.rows : rows) * format.width * pixel));
        for (std::int64_t row = 0; row < rows; ++row) {
            std::memcpy(pixels.data() + row * format.width * pixel,
                        from + ((y + row) * band.width() + x) * pixel,
                        static_cast<std::size_t>(columns * pixel));
        }
        return pixels;
    }

    void writeChunk(bool tiled, std::uint32_t index, std::vector<std::uint8_t>& chunk) {
        errno = 0;
        const auto bytes = static_cast<tmsize_t>(chunk.size());
        const auto done = tiled ? TIFFWriteRawTile(m_tiff.get(), index, chunk.data(), bytes)
                                : TIFFWriteRawStrip(m_tiff.get(), index, chunk.data(), bytes);
        if (done < 0) fail();
    }

    std::string m_path;
    std::vector<StackInfo> m_series;
    OmeTiffOptions m_options;
    PendingFile m_pending;
    std::string m_xml, m_lastError;
    int m_lastCode = 0;
    std::unique_ptr<TIFF, void (*)(TIFF*)> m_tiff;
    std::vector<std::unique_ptr<ChunkEncoder>> m_encoders;  // one a worker
    std::size_t m_index = 0;                                // of the series being written
    std::int64_t m_plane = 0;                               // of that series
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
