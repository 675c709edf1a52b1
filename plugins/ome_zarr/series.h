// The images of an OME-NGFF folder (0.1 to 0.5): multiscale images, the labels beside them, every
// image of a bioformats2raw layout, and the fields of a plate or well.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "plugins/ome_zarr/array.h"

namespace ome_zarr {

struct Series {
    std::string name, axes;     // axes as the plugin interface writes them, e.g. "ZYX"
    std::array<int, 5> axis{};  // where T C Z Y X are among the array's axes; -1: not there
    std::vector<std::shared_ptr<const Array>> levels;  // full size first
    std::array<double, 3> voxelUm{};                   // x, y, z; 0: not known
    double timeIncrementS = 0;
    std::vector<std::string> channelNames;
    std::vector<PosteriaChannel> channels;  // empty, or one an index along C
    std::vector<PosteriaLevel> levelSizes;
    std::string compression;
    std::vector<std::string> warnings;

    std::int64_t extent(int k, std::size_t level = 0) const;  // of T C Z Y X
};

// At least one; throws Problem when nothing can be read.
std::vector<Series> seriesOf(const std::shared_ptr<const Store>& store);

}  // namespace ome_zarr
