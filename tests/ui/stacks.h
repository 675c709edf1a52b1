// Small stacks for the window's tests.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/image/stack.h"

namespace posteria::test {

// uint16, one time point and slice; the pixel at (x, y) of channel c is c * 1000 + y * side + x, at
// most 65535.
inline image::StackPtr countingStack(int side, int channels = 1,
                                     const std::string& name = "counting", int slices = 1) {
    image::StackInfo info;
    info.name = name;
    info.type = image::PixelType::UInt16;
    info.shape = {1, channels, slices, side, side};
    info.voxelSize = image::VoxelSize{0.1, 0.1, 0.3};
    std::vector<image::Plane> planes;
    for (int p = 0; p < channels * slices; ++p) {
        void* data = nullptr;
        planes.push_back(image::Plane::allocate(info.type, side, side, &data));
        auto* pixels = static_cast<std::uint16_t*>(data);
        for (int i = 0; i < side * side; ++i)
            pixels[i] = std::uint16_t(std::min(p / slices * 1000 + i, 65535));
    }
    return image::makeMemoryStack(info, std::move(planes));
}

// float32, every pixel the same value.
inline image::StackPtr floatStack(int side, int channels, float value) {
    image::StackInfo info;
    info.type = image::PixelType::Float32;
    info.shape = {1, channels, 1, side, side};
    std::vector<image::Plane> planes;
    for (int c = 0; c < channels; ++c) {
        void* data = nullptr;
        planes.push_back(image::Plane::allocate(info.type, side, side, &data));
        std::fill_n(static_cast<float*>(data), side * side, value);
    }
    return image::makeMemoryStack(info, std::move(planes));
}

}  // namespace posteria::test
