// A small anisotropic volume for the tests of orthogonal views and of the volume view.
#pragma once

#include <functional>

#include "core/image/stack.h"

namespace posteria::test {

// uint8, voxels of 0.5 x 0.5 x 2 µm.
inline image::StackPtr volumeStack(std::int64_t width, std::int64_t height, std::int64_t depth,
                                   const std::function<int(int x, int y, int z)>& value) {
    image::StackInfo info;
    info.name = "volume";
    info.type = image::PixelType::UInt8;
    info.shape = {1, 1, depth, height, width};
    info.voxelSize = image::VoxelSize{0.5, 0.5, 2};
    std::vector<image::Plane> planes;
    for (int z = 0; z < depth; ++z) {
        void* memory = nullptr;
        planes.push_back(image::Plane::allocate(info.type, width, height, &memory));
        for (int i = 0; i < width * height; ++i)
            static_cast<std::uint8_t*>(memory)[i] =
                std::uint8_t(value(i % int(width), i / int(width), z));
    }
    return image::makeMemoryStack(info, std::move(planes));
}

}  // namespace posteria::test
