// Large TIFF files for the benchmark that take next to no disk: pages lie in a hole of the file,
// and the tiles of a pyramid share a few made-up ones. BigTIFF, little-endian, uint16,
// uncompressed.
#pragma once

#include <QString>

namespace posteria::ui::shell {

// `pages` pages of width x height pixels, all zero. False where the file could not be written.
bool writeHollowStack(const QString& path, int width, int height, int pages);
// side x side pixels in tiles of 512, and half of that at each of its SubIFDs down to 512 pixels.
bool writeSharedPyramid(const QString& path, int side);

}  // namespace posteria::ui::shell
