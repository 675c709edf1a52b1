// Writes one or several images (series) as OME-TIFF (OME 2016-06), plane by plane in bounded
// memory. Planes come in the order series, T, C, Z (slowest first). The file is written under a
// temporary name and gets its final one in finish(), so a file with its final name is whole;
// without finish() nothing is left. One writer is used by one thread. Throws Error{Failed} for a
// full disk or a folder that cannot be written, Error{Usage} for a plane that does not fit.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/cancel_token.h"
#include "core/image/stack.h"

namespace posteria::io {

enum class Compression { None, Lzw, Deflate, Zstd };
enum class BigTiff { Auto, Yes, No };

struct OmeTiffOptions {
    Compression compression = Compression::Deflate;
    int tile = 0;  // tile side in pixels, a multiple of 16; 0: strips
    bool pyramid =
        false;  // halved levels as SubIFDs, down to 256 pixels; implies tiles of 256 or more
    BigTiff bigTiff = BigTiff::Auto;
};

class OmeTiffWriter {
  public:
    // Of each description these are used: name, shape, type, voxelSize, timeIncrementS, channels
    // and annotations (they become a MapAnnotation).
    OmeTiffWriter(const std::string& path, std::vector<image::StackInfo> series,
                  const OmeTiffOptions& options = {});
    ~OmeTiffWriter();
    OmeTiffWriter(const OmeTiffWriter&) = delete;
    OmeTiffWriter& operator=(const OmeTiffWriter&) = delete;

    // The next plane, whole. It must have the series' size and pixel type.
    void writePlane(const image::Plane& plane);
    // The next plane, copied from a stack band by band. Throws Error{Cancelled} once the token is
    // set.
    void writePlane(const image::Stack& from, const image::PlaneIndex& plane,
                    const CancelToken& token = {});
    // Flushes and renames; throws Error{Usage} when planes are missing.
    void finish();

  private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

using WriteProgress = std::function<void(std::int64_t planesDone, std::int64_t planes)>;

// Whole stacks as the series of one file. Throws Error{Cancelled} once the token is set.
void writeOmeTiff(const std::string& path, const std::vector<image::StackPtr>& series,
                  const OmeTiffOptions& options = {}, const CancelToken& token = {},
                  const WriteProgress& progress = {});

}  // namespace posteria::io
