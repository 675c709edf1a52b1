// Small pictures of one plane of an image or result, as PNG: grey, the channels added up in their
// colours, or magma for uncertainty. Limits leave out 0.35 % of the pixels, as in the window. Reads
// the smallest level that is large enough, in bands of rows. Safe from any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "core/image/stack.h"

namespace posteria::engine {

enum class ThumbnailColors { Grey, Channels, Magma };

// At most `side` pixels wide and high. `c` of the plane is not looked at for Channels, which shows
// four at most; the others show that channel. An empty region is the whole plane. Throws as reading
// does.
std::vector<std::uint8_t> thumbnailPng(const image::Stack& stack, const image::PlaneIndex& plane,
                                       const image::Rect& region, ThumbnailColors colors, int side);

}  // namespace posteria::engine
