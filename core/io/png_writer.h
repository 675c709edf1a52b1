// Small pictures for people as PNG in memory: thumbnails of a page. Safe from any thread.
#pragma once

#include <cstdint>
#include <vector>

namespace posteria::io {

// Rows from the top, red, green and blue of each pixel, 8 bits each: 3 * width * height values.
// Throws Error{Failed} for a picture that PNG cannot hold.
std::vector<std::uint8_t> encodePng(int width, int height, const std::vector<std::uint8_t>& rgb);

}  // namespace posteria::io
