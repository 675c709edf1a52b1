#include "core/io/chunk_encoder.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <utility>

#include "core/base/error.h"

namespace posteria::io {

class ChunkEncoder::Sink {
  public:
    static tmsize_t read(thandle_t, void*, tmsize_t) { return -1; }
    static tmsize_t write(thandle_t self, void* data, tmsize_t count) {
        auto* sink = static_cast<Sink*>(self);
        const auto* bytes = static_cast<const std::uint8_t*>(data);
        sink->written.insert(sink->written.end(), bytes, bytes + count);
        sink->m_at += static_cast<std::uint64_t>(count);
        sink->m_end = std::max(sink->m_end, sink->m_at);
        return count;
    }
    static toff_t seek(thandle_t self, toff_t offset, int whence) {
        auto* sink = static_cast<Sink*>(self);
        return sink->m_at = offset + (whence == SEEK_SET   ? 0
                                      : whence == SEEK_CUR ? sink->m_at
                                                           : sink->m_end);
    }
    static int close(thandle_t) { return 0; }
    static toff_t size(thandle_t self) { return static_cast<Sink*>(self)->m_end; }

    std::vector<std::uint8_t> written;

  private:
    std::uint64_t m_at = 0, m_end = 0;
};

bool setCodec(TIFF* tiff, const ChunkFormat& format) {
    if (!TIFFSetField(tiff, TIFFTAG_COMPRESSION, format.compression)) return false;
    if (format.compression == COMPRESSION_ZSTD)
        TIFFSetField(tiff, TIFFTAG_ZSTD_LEVEL, format.zstdLevel);
    if (format.predictor != PREDICTOR_NONE) TIFFSetField(tiff, TIFFTAG_PREDICTOR, format.predictor);
    return true;
}

void ChunkEncoder::open() {
    m_sink = std::make_shared<Sink>();
    std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(TIFFOpenOptionsAlloc(),
                                                                         &TIFFOpenOptionsFree);
    const auto onError = [](TIFF*, void* self, const char*, const char* format,
                            va_list arguments) -> int {
        char text[256];
        std::vsnprintf(text, sizeof text, format, arguments);
        static_cast<ChunkEncoder*>(self)->m_error = text;
        return 1;
    };
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), onError, this);
    TIFFOpenOptionsSetWarningHandlerExtR(
        options.get(), [](TIFF*, void*, const char*, const char*, va_list) { return 1; }, nullptr);
    m_tiff.reset(TIFFClientOpenExt("memory", "w8", m_sink.get(), &Sink::read, &Sink::write,
                                   &Sink::seek, &Sink::close, &Sink::size, nullptr, nullptr,
                                   options.get()));
    TIFF* tiff = m_tiff.get();
    if (!tiff || !setCodec(tiff, m_format))
        throw Error(ErrorKind::Failed, "The pixels cannot be compressed: " + m_error + ".");
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, m_format.width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, m_format.rows * kChunks);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, m_format.bits);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, m_format.sampleFormat);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    if (m_format.tiled) {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, m_format.width);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, m_format.rows);
    } else {
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, m_format.rows);
    }
    m_next = 0;
}

std::vector<std::uint8_t> ChunkEncoder::encode(std::vector<std::uint8_t>& pixels) {
    if (m_format.compression == COMPRESSION_NONE) return std::move(pixels);
    if (m_next == kChunks) open();
    m_sink->written.clear();
    const auto bytes = static_cast<tmsize_t>(pixels.size());
    const auto index = m_next++;
    const auto done = m_format.tiled
                          ? TIFFWriteEncodedTile(m_tiff.get(), index, pixels.data(), bytes)
                          : TIFFWriteEncodedStrip(m_tiff.get(), index, pixels.data(), bytes);
    if (done < 0)
        throw Error(ErrorKind::Failed, "The pixels cannot be compressed: " + m_error + ".");
    return std::exchange(m_sink->written, {});
}

}  // namespace posteria::io
