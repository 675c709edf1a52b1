// Writes OME-Zarr 0.4 (Zarr version 2) chunk by chunk: a block handed over is a chunk, so memory
// stays at a few of them. Everything lies under a temporary name beside the final one until
// finish(); an existing folder is never replaced. Several images become the layout of
// bioformats2raw. Throws Problem.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/plugin/plugin_abi.h"
#include "plugins/ome_zarr/store.h"

namespace ome_zarr {

enum class Packing { None, Zlib, BloscZstd };

class Writer {
  public:
    Writer(const std::string& path, const PosteriaImageInfo* const* images, std::int64_t count,
           const PosteriaWriteOptions& options);
    ~Writer();  // without finish(): removes what was written
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    std::int64_t blockHeight() const { return m_side; }
    std::int64_t blockWidth() const { return m_side; }
    void write(const PosteriaPosition& at, const PosteriaBuffer& block);
    void finish(const PosteriaServices& services);

  private:
    struct Channel {
        std::string name;
        std::int64_t color = -1;
        std::array<double, 2> display{}, range{};
        bool hasRange = false;
    };
    struct Image {
        std::string group, name;
        std::uint32_t type = 0;
        std::size_t pixelBytes = 1;
        std::array<std::int64_t, 5> shape{};
        std::array<double, 3> voxelUm{};
        double timeIncrementS = 0;
        std::vector<Channel> channels;
        std::vector<PosteriaLevel> levels;
    };

    PosteriaLevel chunkOf(const Image& image, std::size_t level) const;
    std::string chunkKey(const Image& image, std::size_t level, const PosteriaPosition& at) const;
    void writeChunk(const std::string& key, const Image& image, Bytes pixels) const;
    Bytes readChunk(const std::string& key, std::size_t size) const;
    void writeLevel(const Image& image, std::size_t level, const PosteriaServices& services) const;
    void writeDescriptions() const;
    nlohmann::json attributes(const Image& image) const;
    void writeFile(const std::string& key, const void* bytes, std::size_t size) const;
    void writeJson(const std::string& key, const nlohmann::json& json) const;

    std::string m_path, m_folder;
    Packing m_packing = Packing::BloscZstd;
    std::int64_t m_side = 512;
    std::vector<Image> m_images;
    bool m_finished = false;
};

}  // namespace ome_zarr
