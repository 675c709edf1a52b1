// OME-Zarr folders. A folder is a row of files: one byte for the name, two for the length (the low
// one first), the bytes.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "plugins/ome_zarr/series.h"

namespace fs = std::filesystem;

namespace {

constexpr const char* kNames[] = {".zgroup", ".zattrs",       "zarr.json", "0/.zarray",
                                  "0/0.0",   "0/zarr.json",   "0/c/0/0",   "0/0/0",
                                  "0/0.0.0", "labels/.zattrs"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string folder =
        (fs::temp_directory_path() / ("fuzz_zarr_" + std::to_string(::getpid()))).string();
    fs::remove_all(folder);
    fs::create_directories(folder);
    for (std::size_t at = 0; at + 3 <= size;) {
        const fs::path path = fs::path(folder) / kNames[data[at] % std::size(kNames)];
        const auto length = std::min<std::size_t>(data[at + 1] | data[at + 2] << 8, size - at - 3);
        fs::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char*>(data + at + 3),
                   static_cast<std::streamsize>(length));
        at += 3 + length;
    }
    try {
        for (const auto& series : ome_zarr::seriesOf(std::make_shared<ome_zarr::Store>(folder))) {
            const auto& array = *series.levels.front();
            const std::vector<std::int64_t> first(array.info().shape.size(), 0);
            std::vector<std::uint8_t> pixels(8 * 16 * 16);
            PosteriaBuffer buffer{};
            buffer.data = pixels.data();
            buffer.type = array.info().type;
            const auto bytes = static_cast<std::int64_t>(array.info().pixelBytes);
            const std::int64_t extent[] = {1, 1, 1, std::min<std::int64_t>(16, series.extent(3)),
                                           std::min<std::int64_t>(16, series.extent(4))};
            const std::int64_t strides[] = {0, 0, 0, 16 * bytes, bytes};
            std::copy(std::begin(extent), std::end(extent), buffer.extent);
            std::copy(std::begin(strides), std::end(strides), buffer.stride);
            array.read(first, static_cast<std::size_t>(series.axis[3]),
                       static_cast<std::size_t>(series.axis[4]), buffer, [] { return false; });
        }
    } catch (const ome_zarr::Problem& problem) {
        if (std::string(problem.what()).empty()) std::abort();
    } catch (const std::bad_alloc&) {
    }
    return 0;
}
