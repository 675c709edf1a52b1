// How the pixels of one TIFF directory (IFD) lie in the file, and how a run of them becomes pixels
// of our types. Knows nothing of libtiff. Odd depths are widened: 1-7 bits to uint8, 9-15 to
// uint16, 24 to uint32, float16 and float24 to float32; the values stay what they are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/image/types.h"

namespace posteria::io {

struct PageLayout {
    std::uint64_t offset = 0;  // of the IFD in the file
    std::int64_t width = 0, height = 0;
    int samples = 1;
    int bits = 8;    // of one sample
    int format = 1;  // SampleFormat: 1 unsigned, 2 signed, 3 float, …
    int compression = 1;
    int photometric = 1;
    bool planar = false;  // samples in planes of their own
    bool tiled = false;
    bool reduced = false;                          // a smaller version of another page
    bool mask = false;                             // a transparency mask
    bool reversedBits = false;                     // lowest bit first, as fax machines send
    bool subsampled = false;                       // YCbCr whose chroma lies in blocks
    bool littleEndian = true;                      // the file's byte order
    std::int64_t chunkWidth = 0, chunkHeight = 0;  // of a strip or tile
    std::vector<std::uint64_t> subIfds;

    std::int64_t chunksAcross() const { return (width + chunkWidth - 1) / chunkWidth; }
    std::int64_t chunksDown() const { return (height + chunkHeight - 1) / chunkHeight; }
    int samplesInChunk() const { return planar ? 1 : samples; }
    std::uint64_t chunkRowBytes() const;
    std::uint64_t chunkBytes() const {
        return chunkRowBytes() * static_cast<std::uint64_t>(chunkHeight);
    }
    std::uint64_t planeBytes() const;  // of one uncompressed sample plane
    // Whether the stored bytes are the samples themselves: no codec, whole bytes, no subsampling.
    bool isPlain() const;
    // Same kind of picture: pages that can stand in one stack.
    bool sameKind(const PageLayout& o) const;
};

// The type the pixels get; empty when they cannot be read.
std::optional<image::PixelType> pixelTypeOf(const PageLayout& page);
// Why a page cannot be read, in one sentence; empty when it can.
std::string unsupportedReason(const PageLayout& page);
// "none", "lzw", "deflate", …; "codec 12345" for one without a name.
std::string codecName(int compression);

// Copies `count` pixels of one sample, from pixel `first` of a chunk row on, into `out`, which
// holds pixels of pixelTypeOf(page). The row is in the machine's byte order.
void unpackRow(const PageLayout& page, const std::uint8_t* row, std::int64_t first,
               std::int64_t count, int sampleInChunk, void* out);

}  // namespace posteria::io
