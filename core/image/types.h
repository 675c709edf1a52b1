// The small values every image is described with. Axes are always T C Z Y X, slowest first; pixel
// coordinates are (x, y) with the origin at the top left pixel's centre. Lengths are micrometres.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace posteria::image {

enum class PixelType { UInt8, Int8, UInt16, Int16, UInt32, Int32, UInt64, Int64, Float32, Float64 };

std::size_t bytesPerPixel(PixelType type);
const char* pixelTypeName(PixelType type);  // "uint8", …, "float32", "float64", as numpy names them
bool isFloat(PixelType type);

// Number of pixels along each axis; every axis is at least 1.
struct Shape {
    std::int64_t t = 1, c = 1, z = 1, y = 1, x = 1;

    std::int64_t planes() const { return t * c * z; }
    bool operator==(const Shape& o) const {
        return t == o.t && c == o.c && z == o.z && y == o.y && x == o.x;
    }
    bool operator!=(const Shape& o) const { return !(*this == o); }
};

// One two-dimensional plane of a stack.
struct PlaneIndex {
    std::int64_t t = 0, c = 0, z = 0;

    bool operator==(const PlaneIndex& o) const { return t == o.t && c == o.c && z == o.z; }
};

// Pixels [x, x + width) × [y, y + height) of a plane.
struct Rect {
    std::int64_t x = 0, y = 0, width = 0, height = 0;

    bool empty() const { return width <= 0 || height <= 0; }
    Rect intersected(const Rect& other) const;
    bool contains(const Rect& other) const;
    bool operator==(const Rect& o) const {
        return x == o.x && y == o.y && width == o.width && height == o.height;
    }
};

// Edge lengths of a voxel in micrometres. A file that says nothing has none.
struct VoxelSize {
    double x = 1, y = 1, z = 1;
};

struct ChannelInfo {
    std::string name;
    std::optional<std::uint32_t> color;  // 0xRRGGBB
    std::optional<double> excitationNm, emissionNm;
    std::optional<std::array<double, 2>> displayRange;  // contrast limits kept in the file
};

struct LevelSize {
    std::int64_t height = 0, width = 0;
};

// What is known of a stack without reading a pixel.
struct StackInfo {
    std::string path;    // the file it came from; empty for one made in memory
    std::string reader;  // "tiff", …; "memory"
    std::string name;    // the series' own name, or the file's
    int series = 0;
    std::string axes;  // the axes the file itself has, slowest first, e.g. "ZYX"
    Shape shape;
    PixelType type = PixelType::UInt8;
    std::optional<VoxelSize> voxelSize;
    std::optional<double> timeIncrementS;
    std::vector<ChannelInfo> channels;  // shape.c entries
    std::vector<LevelSize> levels;      // pyramid, full size first; at least one
    std::string compression = "none";
    bool tiled = false;
    std::map<std::string, std::string> annotations;  // provenance and other key-value pairs
    std::vector<std::string> warnings;               // sentences for the user

    std::uint64_t bytes() const;  // of the full-size pixels, uncompressed
};

}  // namespace posteria::image
