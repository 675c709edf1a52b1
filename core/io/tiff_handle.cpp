#include "core/io/tiff_handle.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "core/base/error.h"
#include "core/base/log.h"

namespace posteria::io {

namespace {

constexpr std::uint32_t kImagejCounts = 50838, kImagejData = 50839, kLsmInfo = 34412,
                        kStkPlanes = 33629;

template <class T>
std::vector<T> customTag(TIFF* tiff, std::uint32_t tag, TIFFDataType type) {
    const TIFFField* field = TIFFFindField(tiff, tag, TIFF_ANY);
    // libtiff makes up fields for tags it does not know, of the type found in the file.
    if (!field || TIFFFieldDataType(field) != type || TIFFFieldReadCount(field) != TIFF_VARIABLE2)
        return {};
    std::uint32_t count = 0;
    void* data = nullptr;
    if (!TIFFGetField(tiff, tag, &count, &data) || !data) return {};
    std::vector<T> values(count);
    std::memcpy(values.data(), data, count * sizeof(T));
    return values;
}

std::string textTag(TIFF* tiff, std::uint32_t tag) {
    const char* text = nullptr;
    return TIFFGetField(tiff, tag, &text) && text ? text : "";
}

// Empty where there is no palette, or one whose colours are in no order of brightness.
std::optional<std::uint32_t> rampColor(TIFF* tiff, const PageLayout& page) {
    std::uint16_t* columns[3] = {};
    if (page.photometric != PHOTOMETRIC_PALETTE || page.bits > 16 ||
        !TIFFGetField(tiff, TIFFTAG_COLORMAP, &columns[0], &columns[1], &columns[2]))
        return {};
    const std::size_t last = (1u << page.bits) - 1;
    std::uint32_t color = 0;
    for (const auto* column : columns) {
        if (!column || column[0] != 0 || !std::is_sorted(column, column + last + 1)) return {};
        color = color << 8 | column[last] >> 8;
    }
    return color;
}

}  // namespace

bool codecAvailable(int compression) {
    return TIFFIsCODECConfigured(static_cast<std::uint16_t>(compression)) != 0;
}

int TiffHandle::onMessage(TIFF*, void* self, const char* module, const char* format,
                          va_list arguments) {
    char text[512];
    std::vsnprintf(text, sizeof text, format, arguments);
    static_cast<TiffHandle*>(self)->m_lastError = std::string(module ? module : "") + ": " + text;
    return 1;
}

// libtiff's position in the file. Directories are read in pieces of a few bytes: those come from
// blocks that are fetched at once, which slow disks and networks are thankful for.
class TiffHandle::Cursor {
  public:
    explicit Cursor(std::shared_ptr<const ByteSource> bytes) : m_bytes(std::move(bytes)) {}

    static tmsize_t read(thandle_t self, void* out, tmsize_t count) {
        return static_cast<Cursor*>(self)->take(static_cast<std::uint8_t*>(out),
                                                static_cast<std::size_t>(count));
    }
    static tmsize_t write(thandle_t, void*, tmsize_t) { return -1; }
    static toff_t seek(thandle_t self, toff_t offset, int whence) {
        auto* cursor = static_cast<Cursor*>(self);
        const auto base = whence == SEEK_SET   ? 0
                          : whence == SEEK_CUR ? cursor->m_position
                                               : cursor->m_bytes->identity().size;
        return cursor->m_position = base + offset;
    }
    static toff_t size(thandle_t self) {
        return static_cast<Cursor*>(self)->m_bytes->identity().size;
    }
    static int close(thandle_t) { return 0; }

  private:
    static constexpr std::uint64_t kBlock = 16 << 10;

    tmsize_t take(std::uint8_t* out, std::size_t count) {
        std::size_t done = 0;
        while (done < count) {
            if (m_position < m_start || m_position >= m_start + m_block.size()) {
                if (count - done >= kBlock) {
                    const auto got = m_bytes->read(m_position, out + done, count - done);
                    m_position += got;
                    return static_cast<tmsize_t>(done + got);
                }
                m_start = m_position / kBlock * kBlock;
                m_block.resize(kBlock);
                m_block.resize(m_bytes->read(m_start, m_block.data(), kBlock));
                if (m_position >= m_start + m_block.size()) break;  // the end of the file
            }
            const auto from = static_cast<std::size_t>(m_position - m_start);
            const auto part = std::min(count - done, m_block.size() - from);
            std::memcpy(out + done, m_block.data() + from, part);
            done += part;
            m_position += part;
        }
        return static_cast<tmsize_t>(done);
    }

    std::shared_ptr<const ByteSource> m_bytes;
    std::uint64_t m_position = 0, m_start = 0;
    std::vector<std::uint8_t> m_block;
};

TiffHandle::TiffHandle(const std::string& path, std::shared_ptr<const ByteSource> bytes,
                       std::uint64_t maxAllocation)
    : m_path(path),
      m_cursor(std::make_unique<Cursor>(std::move(bytes))),
      m_tiff(nullptr, &TIFFClose) {
    std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(TIFFOpenOptionsAlloc(),
                                                                         &TIFFOpenOptionsFree);
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), &onMessage, this);
    TIFFOpenOptionsSetWarningHandlerExtR(
        options.get(), [](TIFF*, void*, const char*, const char*, va_list) { return 1; }, nullptr);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), static_cast<tmsize_t>(maxAllocation));
    // m: no memory map, which would crash when the file shrinks; O: strip tables only where needed.
    m_tiff.reset(TIFFClientOpenExt(path.c_str(), "rmO", m_cursor.get(), &Cursor::read,
                                   &Cursor::write, &Cursor::seek, &Cursor::close, &Cursor::size,
                                   nullptr, nullptr, options.get()));
    if (!m_tiff) fail("The TIFF file is damaged or cut short.");
    readLayout();
}

TiffHandle::~TiffHandle() = default;

void TiffHandle::fail(const std::string& sentence) const {
    log::debug(m_path + ": " + m_lastError);
    throw Error(ErrorKind::Input, sentence, m_path,
                "Copy it again from its source, or save it anew.");
}

const PageLayout& TiffHandle::select(std::uint64_t ifdOffset) {
    if (m_layout.offset == ifdOffset) return m_layout;
    m_layout.offset = 0;
    if (!TIFFSetSubDirectory(m_tiff.get(), ifdOffset)) {
        fail("The TIFF file is damaged or cut short: a page cannot be found.");
    }
    readLayout();
    return m_layout;
}

void TiffHandle::readLayout() {
    TIFF* tiff = m_tiff.get();
    PageLayout page;
    std::uint32_t width = 0, height = 0, subfile = 0;
    std::uint16_t samples = 1, bits = 1, format = SAMPLEFORMAT_UINT, compression = 1,
                  photometric = 1, planar = 1, fillOrder = FILLORDER_MSB2LSB;
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &format);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planar);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SUBFILETYPE, &subfile);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_FILLORDER, &fillOrder);
    page.width = width;
    page.height = height;
    page.samples = samples;
    page.bits = bits;
    page.format = format;
    page.compression = compression;
    page.photometric = photometric;
    page.reversedBits = fillOrder != FILLORDER_MSB2LSB;
    page.planar = planar == PLANARCONFIG_SEPARATE && samples > 1;
    page.reduced = subfile & FILETYPE_REDUCEDIMAGE;
    page.mask = subfile & FILETYPE_MASK;
    page.littleEndian = TIFFIsBigEndian(tiff) == 0;
    page.tiled = TIFFIsTiled(tiff) != 0;
    if (photometric == PHOTOMETRIC_YCBCR) {
        std::uint16_t horizontal = 2, vertical = 2;
        TIFFGetFieldDefaulted(tiff, TIFFTAG_YCBCRSUBSAMPLING, &horizontal, &vertical);
        page.subsampled = horizontal != 1 || vertical != 1;
        if (compression == COMPRESSION_JPEG)
            TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    }
    if (page.tiled) {
        std::uint32_t tileWidth = 0, tileHeight = 0;
        TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &tileWidth);
        TIFFGetField(tiff, TIFFTAG_TILELENGTH, &tileHeight);
        page.chunkWidth = tileWidth;
        page.chunkHeight = tileHeight;
    } else {
        std::uint32_t rows = height;
        TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &rows);
        page.chunkWidth = width;
        page.chunkHeight = std::min<std::int64_t>(rows, height);
    }
    std::uint16_t count = 0;
    std::uint64_t* offsets = nullptr;
    if (TIFFGetField(tiff, TIFFTAG_SUBIFD, &count, &offsets) && offsets) {
        page.subIfds.assign(offsets, offsets + count);
    }
    if (page.width <= 0 || page.height <= 0 || page.chunkWidth <= 0 || page.chunkHeight <= 0 ||
        page.samples <= 0 || page.bits <= 0) {
        fail("The TIFF file is damaged: a page has no size.");
    }
    // Sizes whose product cannot be counted in 64 bits are nonsense, and are not multiplied again.
    constexpr double kMostBits = 4e18;
    const double pixelBits = static_cast<double>(page.samples) * page.bits;
    if (static_cast<double>(page.width) * static_cast<double>(page.height) * pixelBits >
            kMostBits ||
        static_cast<double>(page.chunkWidth) * static_cast<double>(page.chunkHeight) * pixelBits >
            kMostBits) {
        fail("The TIFF file is damaged: a page has an impossible size.");
    }
    page.offset = TIFFCurrentDirOffset(tiff);
    m_layout = std::move(page);
}

PageTags TiffHandle::tags() const {
    TIFF* tiff = m_tiff.get();
    PageTags tags;
    tags.description = textTag(tiff, TIFFTAG_IMAGEDESCRIPTION);
    float resolution = 0;
    if (TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &resolution)) tags.xResolution = resolution;
    if (TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &resolution)) tags.yResolution = resolution;
    std::uint16_t small = 0;
    if (TIFFGetField(tiff, TIFFTAG_RESOLUTIONUNIT, &small)) tags.resolutionUnit = small;
    if (TIFFGetField(tiff, TIFFTAG_ORIENTATION, &small)) tags.orientation = small;
    tags.imagejCounts = customTag<std::uint32_t>(tiff, kImagejCounts, TIFF_LONG);
    tags.imagejData = customTag<std::uint8_t>(tiff, kImagejData, TIFF_BYTE);
    tags.lsmInfo = customTag<std::uint8_t>(tiff, kLsmInfo, TIFF_BYTE);
    tags.stk = !customTag<float>(tiff, kStkPlanes, TIFF_RATIONAL).empty();
    tags.rampColor = rampColor(tiff, m_layout);
    return tags;
}

TiffHandle::Extent TiffHandle::chunkExtent(std::int64_t chunk) const {
    const auto index = static_cast<std::uint32_t>(chunk);
    return {TIFFGetStrileOffset(m_tiff.get(), index), TIFFGetStrileByteCount(m_tiff.get(), index)};
}

void TiffHandle::readChunk(std::int64_t chunk, void* out, std::uint64_t bytes) {
    const auto decode = [&] {
        const auto index = static_cast<std::uint32_t>(chunk);
        const auto size = static_cast<tmsize_t>(bytes);
        return size == (m_layout.tiled ? TIFFReadEncodedTile(m_tiff.get(), index, out, size)
                                       : TIFFReadEncodedStrip(m_tiff.get(), index, out, size));
    };
    if (decode()) return;
    // Bio-Formats calls JPEG pixels RGB that are YCbCr with halved chroma; libtiff believes the
    // tag.
    const bool mislabelled = m_layout.compression == COMPRESSION_JPEG && m_layout.samples == 3 &&
                             !m_layout.planar && m_layout.photometric == PHOTOMETRIC_RGB &&
                             m_lastError.find("sampling factors 2,2") != std::string::npos;
    if (mislabelled && TIFFSetSubDirectory(m_tiff.get(), m_layout.offset)) {
        TIFFSetField(m_tiff.get(), TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_YCBCR);
        TIFFSetField(m_tiff.get(), TIFFTAG_YCBCRSUBSAMPLING, 2, 2);
        TIFFSetField(m_tiff.get(), TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
        if (decode()) return;
    }
    fail("The TIFF file is damaged or cut short: some of its pixels cannot be decoded.");
}

}  // namespace posteria::io
