#include "core/image/types.h"

#include <algorithm>

namespace posteria::image {

std::size_t bytesPerPixel(PixelType type) {
    switch (type) {
        case PixelType::UInt8:
        case PixelType::Int8:
            return 1;
        case PixelType::UInt16:
        case PixelType::Int16:
            return 2;
        case PixelType::UInt32:
        case PixelType::Int32:
        case PixelType::Float32:
            return 4;
        case PixelType::UInt64:
        case PixelType::Int64:
        case PixelType::Float64:
            return 8;
    }
    return 1;
}

const char* pixelTypeName(PixelType type) {
    switch (type) {
        case PixelType::UInt8:
            return "uint8";
        case PixelType::Int8:
            return "int8";
        case PixelType::UInt16:
            return "uint16";
        case PixelType::Int16:
            return "int16";
        case PixelType::UInt32:
            return "uint32";
        case PixelType::Int32:
            return "int32";
        case PixelType::UInt64:
            return "uint64";
        case PixelType::Int64:
            return "int64";
        case PixelType::Float32:
            return "float32";
        case PixelType::Float64:
            return "float64";
    }
    return "unknown";
}

bool isFloat(PixelType type) {
    return type == PixelType::Float32 || type == PixelType::Float64;
}

Rect Rect::intersected(const Rect& other) const {
    const auto left = std::max(x, other.x), top = std::max(y, other.y);
    const auto right = std::min(x + width, other.x + other.width);
    const auto bottom = std::min(y + height, other.y + other.height);
    return {left, top, std::max<std::int64_t>(0, right - left),
            std::max<std::int64_t>(0, bottom - top)};
}

bool Rect::contains(const Rect& other) const {
    return other.x >= x && other.y >= y && other.x + other.width <= x + width &&
           other.y + other.height <= y + height;
}

std::uint64_t StackInfo::bytes() const {
    return static_cast<std::uint64_t>(shape.planes()) * shape.y * shape.x * bytesPerPixel(type);
}

}  // namespace posteria::image
