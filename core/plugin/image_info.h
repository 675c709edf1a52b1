// Descriptions of images, from the plugin interface's form to ours and back. Private to
// core/plugin.
#pragma once

#include <string>
#include <vector>

#include "core/image/types.h"
#include "core/plugin/plugin_abi.h"

namespace posteria::plugin {

// Believes nothing: throws Error{Input} for sizes, types and levels that cannot be. `info` may be
// null or shorter than this version's struct.
image::StackInfo stackInfo(const PosteriaImageInfo* info, const std::string& path);

// Row-major pixels of one plane, or of a part of it, without gaps.
PosteriaBuffer planeBuffer(void* data, image::PixelType type, std::int64_t height,
                           std::int64_t width);

// The other way: what a writer is told. Points into itself and the stack's description.
class DescribedImage {
  public:
    explicit DescribedImage(const image::StackInfo& info);
    DescribedImage(const DescribedImage&) = delete;
    DescribedImage& operator=(const DescribedImage&) = delete;

    const PosteriaImageInfo* get() const { return &m_info; }

  private:
    std::vector<PosteriaChannel> m_channels;
    PosteriaImageInfo m_info = {};
};

}  // namespace posteria::plugin
