// Compresses strips and tiles of a TIFF in memory, with libtiff's own codecs and predictors, so
// that several threads can do it for one file. One encoder is used by one thread at a time. Private
// to core/io.
#pragma once

#include <tiffio.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace posteria::io {

struct ChunkFormat {
    std::uint32_t width = 0, rows = 0;  // of a whole strip or tile
    bool tiled = false;
    int bits = 8, sampleFormat = SAMPLEFORMAT_UINT;
    int compression = COMPRESSION_NONE, predictor = PREDICTOR_NONE, zstdLevel = 0;

    bool operator==(const ChunkFormat& o) const {
        return width == o.width && rows == o.rows && tiled == o.tiled && bits == o.bits &&
               sampleFormat == o.sampleFormat && compression == o.compression &&
               predictor == o.predictor && zstdLevel == o.zstdLevel;
    }
};

// Sets the tags of the codec. False when libtiff lacks it.
bool setCodec(TIFF* tiff, const ChunkFormat& format);

class ChunkEncoder {
  public:
    explicit ChunkEncoder(const ChunkFormat& format) : m_format(format) {}
    ChunkEncoder(const ChunkEncoder&) = delete;
    ChunkEncoder& operator=(const ChunkEncoder&) = delete;

    const ChunkFormat& format() const { return m_format; }
    // The stored bytes of one strip or tile; a last strip may have fewer rows. Overwrites the
    // pixels. Throws Error{Failed}.
    std::vector<std::uint8_t> encode(std::vector<std::uint8_t>& pixels);

  private:
    // An image in memory that is never finished: what is written to it is the encoded chunk.
    class Sink;
    void open();

    static constexpr std::uint32_t kChunks = 1024;  // of an image, then a new one is begun
    ChunkFormat m_format;
    std::string m_error;
    std::shared_ptr<Sink> m_sink;
    std::unique_ptr<TIFF, void (*)(TIFF*)> m_tiff{nullptr, &TIFFCleanup};
    std::uint32_t m_next = kChunks;
};

}  // namespace posteria::io
