// The readers that come with core/io. Private to core/io.
#pragma once

#include <memory>
#include <vector>

#include "core/io/reader.h"

namespace posteria::io {

std::vector<std::unique_ptr<const Reader>> builtInReaders();

std::unique_ptr<const Reader> makeDvReader();    // DeltaVision
std::unique_ptr<const Reader> makePngReader();   // 1 to 16 bits, grey, palette, RGB, with alpha
std::unique_ptr<const Reader> makeJpegReader();  // 8 bits, grey or colour

}  // namespace posteria::io
