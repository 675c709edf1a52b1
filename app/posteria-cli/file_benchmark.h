// How fast image files are read and written here, behind `posteria-cli benchmark --files`.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/cancel_token.h"

namespace posteria::cli {

// Writes images made up of smooth light and a camera's noise into a folder of its own inside
// `folder`, some 2 GB at a time, and removes it again. Returns:
// - zstd_pyramid_write_mb_per_s: float32 of 8192 x 8192 pixels, with its pyramid;
// - tile_10000_zstd_ms {"median", "p99"}: 256 x 256 pixels at random places of a plane of
//   10 000 x 10 000 uint16 in tiles;
// - sequential_read_mb_per_s of uncompressed uint16 planes of 2048 x 2048, and its share of what
//   reading the same bytes in order without a look at them gives: sequential_share_of_plain;
// - info_100000_pages_s: to open a file of as many pages.
// Files have just been written, so they are read from the system's cache, as far as it holds them.
nlohmann::ordered_json benchmarkFiles(const std::string& folder,
                                      const std::function<void(int done, int total)>& progress,
                                      const CancelToken& token);

}  // namespace posteria::cli
