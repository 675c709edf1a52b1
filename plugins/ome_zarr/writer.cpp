#include "plugins/ome_zarr/writer.h"

#include <blosc.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "plugins/ome_zarr/codecs.h"
#include "plugins/ome_zarr/pixels.h"

namespace fs = std::filesystem;

namespace ome_zarr {

using nlohmann::json;

namespace {

constexpr std::int64_t kSmallestLevel = 256;  // a pyramid ends at this size
constexpr int kBloscLevel = 1, kZlibLevel = 6;

[[noreturn]] void failed(int code) {
    throw Problem(code == ENOSPC || code == EDQUOT
                      ? "The disk is full."
                      : std::string("The folder cannot be written: ") + std::strerror(code) + ".");
}

Packing packingFor(const char* compression) {
    const std::string name = compression ? compression : "zstd";
    if (name == "zstd") return Packing::BloscZstd;
    if (name == "deflate") return Packing::Zlib;
    if (name == "none") return Packing::None;
    throw Problem("OME-Zarr has no compression " + name + "; there are none, deflate and zstd.");
}

json compressor(Packing packing) {
    if (packing == Packing::None) return nullptr;
    if (packing == Packing::Zlib) return {{"id", "zlib"}, {"level", kZlibLevel}};
    return {{"id", "blosc"},
            {"cname", "zstd"},
            {"clevel", kBloscLevel},
            {"shuffle", 1},
            {"blocksize", 0}};
}

Bytes packed(Packing packing, Bytes pixels, std::size_t pixelBytes) {
    if (packing == Packing::None) return pixels;
    if (packing == Packing::Zlib) {
        uLongf size = compressBound(pixels.size());
        Bytes out(size);
        if (compress2(out.data(), &size, pixels.data(), pixels.size(), kZlibLevel) != Z_OK)
            throw Problem("A chunk cannot be compressed.");
        out.resize(size);
        return out;
    }
    Bytes out(pixels.size() + BLOSC_MAX_OVERHEAD);
    const int size = blosc_compress_ctx(kBloscLevel, BLOSC_SHUFFLE, pixelBytes, pixels.size(),
                                        pixels.data(), out.data(), out.size(), "zstd", 0, 1);
    if (size <= 0) throw Problem("A chunk cannot be compressed.");
    out.resize(static_cast<std::size_t>(size));
    return out;
}

// The format asks for a colour where none is known: white for one channel, else those that the
// window gives to images without colours.
unsigned colorOf(std::int64_t known, std::size_t channel, std::size_t channels) {
    static const unsigned two[] = {0xFF00FF, 0x00FF00};
    static const unsigned many[] = {0x00FFFF, 0xFF00FF, 0xFFFF00, 0x0000FF, 0x00FF00, 0xFF0000};
    if (known >= 0) return static_cast<unsigned>(known & 0xffffff);
    return channels == 1 ? 0xFFFFFF : channels == 2 ? two[channel] : many[channel % 6];
}

std::string numpyType(std::uint32_t type) {
    static const char* const names[] = {"|u1", "|i1", "<u2", "<i2", "<u4",
                                        "<i4", "<u8", "<i8", "<f4", "<f8"};
    return names[type - POSTERIA_UINT8];
}

}  // namespace

Writer::Writer(const std::string& path, const PosteriaImageInfo* const* images, std::int64_t count,
               const PosteriaWriteOptions& options)
    : m_packing(packingFor(options.compression)) {
    fs::path final = fs::absolute(path).lexically_normal();
    if (!final.has_filename()) final = final.parent_path();
    m_path = final.string();
    std::error_code code;
    if (fs::exists(final, code))
        throw Problem("There is already something with this name, and a folder is not replaced.");
    // Even, so that half a chunk ends where a chunk of the next level does.
    if (options.tile > 0) m_side = std::clamp<std::int64_t>(options.tile, 2, 8192) / 2 * 2;
    for (std::int64_t k = 0; k < count; ++k) {
        const PosteriaImageInfo& from = *images[k];
        if (from.struct_size < sizeof from || from.type < POSTERIA_UINT8 ||
            from.type > POSTERIA_FLOAT64)
            throw Problem("The image is described in a way that this writer does not know.");
        Image image;
        image.group = count > 1 ? std::to_string(k) : "";
        image.name = from.name ? from.name : "";
        image.type = from.type;
        image.pixelBytes = bytesOf(from.type);
        std::copy(from.extent, from.extent + 5, image.shape.begin());
        std::copy(from.voxel_um, from.voxel_um + 3, image.voxelUm.begin());
        image.timeIncrementS = from.time_increment_s;
        image.channels.resize(static_cast<std::size_t>(from.extent[1]));
        for (std::size_t c = 0; from.channels && c < image.channels.size(); ++c) {
            const auto& channel = from.channels[c];
            image.channels[c].name = channel.name ? channel.name : "";
            image.channels[c].color = channel.color;
            image.channels[c].display = {channel.display_min, channel.display_max};
        }
        image.levels.push_back({from.extent[3], from.extent[4]});
        while (options.pyramid &&
               std::max(image.levels.back().height, image.levels.back().width) > kSmallestLevel) {
            const auto& above = image.levels.back();
            image.levels.push_back({(above.height + 1) / 2, (above.width + 1) / 2});
        }
        m_images.push_back(std::move(image));
    }
    // A short name of its own, so that a 255-byte final name still has room for the suffix.
    const auto stem = final.filename().string().substr(0, 64);
    m_folder = (final.parent_path() / ("." + stem + ".part-XXXXXX")).string();
    if (!::mkdtemp(m_folder.data())) {
        const int problem = errno;
        m_folder.clear();
        failed(problem);
    }
    ::chmod(m_folder.c_str(), 0755);
}

Writer::~Writer() {
    std::error_code code;
    if (!m_finished && !m_folder.empty()) fs::remove_all(m_folder, code);
}

void Writer::writeFile(const std::string& key, const void* bytes, std::size_t size) const {
    const fs::path path = fs::path(m_folder) / key;
    std::error_code code;
    fs::create_directories(path.parent_path(), code);
    if (code) failed(code.value());
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) failed(errno);
    int problem = 0;
    for (std::size_t done = 0; done < size && !problem;) {
        const auto n = ::write(file, static_cast<const char*>(bytes) + done, size - done);
        if (n >= 0)
            done += static_cast<std::size_t>(n);
        else if (errno != EINTR)
            problem = errno;
    }
    if (::close(file) != 0 && !problem) problem = errno;
    if (problem) failed(problem);
}

void Writer::writeJson(const std::string& key, const json& value) const {
    const auto text = value.dump(4, ' ', false, json::error_handler_t::replace);
    writeFile(key, text.data(), text.size());
}

PosteriaLevel Writer::chunkOf(const Image& image, std::size_t level) const {
    return {std::min(m_side, image.levels[level].height),
            std::min(m_side, image.levels[level].width)};
}

std::string Writer::chunkKey(const Image& image, std::size_t level,
                             const PosteriaPosition& at) const {
    std::string key = joinKey(image.group, std::to_string(level));
    for (const auto index : {at.t, at.c, at.z, at.y / m_side, at.x / m_side})
        key += "/" + std::to_string(index);
    return key;
}

void Writer::writeChunk(const std::string& key, const Image& image, Bytes pixels) const {
    const Bytes stored = packed(m_packing, std::move(pixels), image.pixelBytes);
    writeFile(key, stored.data(), stored.size());
}

Bytes Writer::readChunk(const std::string& key, std::size_t size) const {
    static const std::vector<Codec> decoders[] = {{}, {Codec::Deflate}, {Codec::Blosc}};
    const Store store(m_folder);
    const auto file = store.open(key);
    if (!file) throw Problem("The chunk \"" + key + "\" that was just written is gone.");
    return decode(decoders[static_cast<int>(m_packing)], file->read(0, file->size()), size);
}

void Writer::write(const PosteriaPosition& at, const PosteriaBuffer& block) {
    auto& image = m_images.at(static_cast<std::size_t>(at.series));
    const auto chunk = chunkOf(image, 0);
    if (block.type != image.type || at.y % m_side || at.x % m_side ||
        block.extent[3] > chunk.height || block.extent[4] > chunk.width)
        throw Problem("A block was handed over that is no chunk of the image.");
    // Chunks at the far edges are stored whole.
    Bytes pixels(static_cast<std::size_t>(chunk.height * chunk.width) * image.pixelBytes);
    for (std::int64_t y = 0; y < block.extent[3]; ++y) {
        auto* to = pixels.data() + static_cast<std::size_t>(y * chunk.width) * image.pixelBytes;
        const auto* from = static_cast<const char*>(block.data) + y * block.stride[3];
        for (std::int64_t x = 0; x < block.extent[4]; ++x)
            std::memcpy(to + static_cast<std::size_t>(x) * image.pixelBytes,
                        from + x * block.stride[4], image.pixelBytes);
    }
    auto& channel = image.channels.at(static_cast<std::size_t>(at.c));
    withType(image.type, [&](auto zero) {
        using T = decltype(zero);
        const auto* values = reinterpret_cast<const T*>(pixels.data());
        for (std::int64_t y = 0; y < block.extent[3]; ++y) {
            for (std::int64_t x = 0; x < block.extent[4]; ++x) {
                const auto value = static_cast<double>(values[y * chunk.width + x]);
                if (!std::isfinite(value)) continue;
                if (!channel.hasRange) channel.range = {value, value};
                channel.hasRange = true;
                channel.range = {std::min(channel.range[0], value),
                                 std::max(channel.range[1], value)};
            }
        }
    });
    writeChunk(chunkKey(image, 0, at), image, std::move(pixels));
}

// Every pixel is the mean of two by two of the level above; the last of an odd size stand alone.
void Writer::writeLevel(const Image& image, std::size_t level,
                        const PosteriaServices& services) const {
    const auto &size = image.levels[level], &above = image.levels[level - 1];
    const auto chunk = chunkOf(image, level), from = chunkOf(image, level - 1);
    const auto fromBytes = static_cast<std::size_t>(from.height * from.width) * image.pixelBytes;
    PosteriaPosition at = {};
    const auto writeOne = [&] {
        if (services.is_cancelled(services.host)) throw Problem("Stopped.");
        Bytes pixels(static_cast<std::size_t>(chunk.height * chunk.width) * image.pixelBytes);
        // A chunk covers up to two by two of those above.
        for (std::int64_t part = 0; part < 4; ++part) {
            PosteriaPosition source = at;
            source.y = 2 * at.y + part / 2 * m_side;
            source.x = 2 * at.x + part % 2 * m_side;
            if (source.y >= above.height || source.x >= above.width) continue;
            const Bytes read = readChunk(chunkKey(image, level - 1, source), fromBytes);
            const PosteriaLevel valid = {std::min(from.height, above.height - source.y),
                                         std::min(from.width, above.width - source.x)};
            const auto first = (part / 2 * m_side / 2) * chunk.width + part % 2 * m_side / 2;
            withType(image.type, [&](auto zero) {
                using T = decltype(zero);
                halve(reinterpret_cast<const T*>(read.data()), from.width, valid.height,
                      valid.width, reinterpret_cast<T*>(pixels.data()) + first, chunk.width);
            });
        }
        writeChunk(chunkKey(image, level, at), image, std::move(pixels));
    };
    for (at.t = 0; at.t < image.shape[0]; ++at.t)
        for (at.c = 0; at.c < image.shape[1]; ++at.c)
            for (at.z = 0; at.z < image.shape[2]; ++at.z)
                for (at.y = 0; at.y < size.height; at.y += m_side)
                    for (at.x = 0; at.x < size.width; at.x += m_side)
                        writeOne();
}

json Writer::attributes(const Image& image) const {
    const bool sized = image.voxelUm[0] > 0, timed = image.timeIncrementS > 0;
    json axes =
        json::array({{{"name", "t"}, {"type", "time"}}, {{"name", "c"}, {"type", "channel"}}});
    if (timed) axes[0]["unit"] = "second";
    for (const char* name : {"z", "y", "x"}) {
        axes.push_back({{"name", name}, {"type", "space"}});
        if (sized) axes.back()["unit"] = "micrometer";
    }
    const double z = sized ? image.voxelUm[2] : 1, y = sized ? image.voxelUm[1] : 1,
                 x = sized ? image.voxelUm[0] : 1, t = timed ? image.timeIncrementS : 1;
    json datasets = json::array();
    for (std::size_t k = 0; k < image.levels.size(); ++k) {
        const double factor = std::pow(2.0, static_cast<double>(k)), shift = (factor - 1) / 2;
        json steps =
            json::array({{{"type", "scale"}, {"scale", {t, 1.0, z, y * factor, x * factor}}}});
        // The mean of several pixels lies between them.
        if (k > 0)
            steps.push_back(
                {{"type", "translation"}, {"translation", {0.0, 0.0, 0.0, y * shift, x * shift}}});
        datasets.push_back({{"path", std::to_string(k)}, {"coordinateTransformations", steps}});
    }
    json channels = json::array();
    for (std::size_t c = 0; c < image.channels.size(); ++c) {
        const auto& channel = image.channels[c];
        const auto shown =
            channel.display[0] < channel.display[1] ? channel.display : channel.range;
        char color[8];
        std::snprintf(color, sizeof color, "%06X",
                      colorOf(channel.color, c, image.channels.size()));
        channels.push_back({{"label", channel.name},
                            {"color", color},
                            {"active", true},
                            {"window",
                             {{"min", std::min(shown[0], channel.range[0])},
                              {"max", std::max(shown[1], channel.range[1])},
                              {"start", shown[0]},
                              {"end", shown[1]}}}});
    }
    json multiscale = {{"version", "0.4"}, {"axes", axes}, {"datasets", datasets}};
    if (!image.name.empty()) multiscale["name"] = image.name;
    if (image.levels.size() > 1) multiscale["type"] = "mean";
    return {{"multiscales", json::array({multiscale})},
            {"omero",
             {{"version", "0.4"},
              {"channels", channels},
              {"rdefs", {{"model", "color"}, {"defaultT", 0}, {"defaultZ", image.shape[2] / 2}}}}}};
}

void Writer::writeDescriptions() const {
    const json group = {{"zarr_format", 2}};
    if (m_images.size() > 1) {
        json names = json::array();
        for (const auto& image : m_images)
            names.push_back(image.group);
        writeJson(".zgroup", group);
        writeJson(".zattrs", {{"bioformats2raw.layout", 3}});
        writeJson("OME/.zgroup", group);
        writeJson("OME/.zattrs", {{"series", names}});
    }
    for (const auto& image : m_images) {
        writeJson(joinKey(image.group, ".zgroup"), group);
        writeJson(joinKey(image.group, ".zattrs"), attributes(image));
        for (std::size_t k = 0; k < image.levels.size(); ++k) {
            const auto chunk = chunkOf(image, k);
            writeJson(joinKey(image.group, std::to_string(k) + "/.zarray"),
                      {{"zarr_format", 2},
                       {"shape",
                        {image.shape[0], image.shape[1], image.shape[2], image.levels[k].height,
                         image.levels[k].width}},
                       {"chunks", {1, 1, 1, chunk.height, chunk.width}},
                       {"dtype", numpyType(image.type)},
                       {"compressor", compressor(m_packing)},
                       {"fill_value", 0},
                       {"order", "C"},
                       {"filters", nullptr},
                       {"dimension_separator", "/"}});
        }
    }
}

void Writer::finish(const PosteriaServices& services) {
    for (const auto& image : m_images) {
        for (std::size_t level = 1; level < image.levels.size(); ++level)
            writeLevel(image, level, services);
    }
    writeDescriptions();
    const int folder = ::open(m_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0 || ::syncfs(folder) != 0) {
        const int problem = errno;
        if (folder >= 0) ::close(folder);
        failed(problem);
    }
    ::close(folder);
    // Fails where another program made a folder of this name meanwhile and put something in it.
    if (::rename(m_folder.c_str(), m_path.c_str()) != 0) failed(errno);
    m_finished = true;
}

}  // namespace ome_zarr
