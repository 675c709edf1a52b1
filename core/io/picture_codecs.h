// PNG and JPEG pictures, from their bytes in memory to samples in memory. Private to core/io.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace posteria::io {

struct PictureLayout {
    std::int64_t width = 0, height = 0;
    int samples = 1;  // of a pixel: grey, grey and alpha, RGB, RGB and alpha
    int bits = 8;     // of a sample as it comes out: 8 or 16

    bool operator==(const PictureLayout& o) const {
        return width == o.width && height == o.height && samples == o.samples && bits == o.bits;
    }
    std::uint64_t bytes() const {
        return static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height) *
               static_cast<std::uint64_t>(samples) * static_cast<std::uint64_t>(bits / 8);
    }
};

using PictureBytes = std::vector<std::uint8_t>;

// The layout from the first bytes of a file, and then all of its samples: row by row, the samples
// of a pixel together, in the machine's byte order. Fewer than 8 bits are widened, the values stay
// what they are; palettes become RGB, or grey where all their colours are. `path` is for messages.
// Throw Error{Input}.
PictureLayout pngLayout(const PictureBytes& file, const std::string& path);
PictureBytes decodePng(const PictureBytes& file, const std::string& path);
PictureLayout jpegLayout(const PictureBytes& file, const std::string& path);
PictureBytes decodeJpeg(const PictureBytes& file, const std::string& path);

}  // namespace posteria::io
