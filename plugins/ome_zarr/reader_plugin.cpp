// The plugin's door: everything C++ stays behind these five functions.
#include <filesystem>
#include <memory>

#include "core/plugin/plugin_abi.h"
#include "plugins/ome_zarr/guarded.h"
#include "plugins/ome_zarr/series.h"

namespace fs = std::filesystem;
using namespace ome_zarr;

namespace {

const char* const kDescriptions[] = {".zattrs", ".zgroup", ".zarray", "zarr.json"};

struct OpenFile {
    std::shared_ptr<const Store> store;
    std::vector<Series> series;
    std::vector<PosteriaImageInfo> infos;
    std::vector<std::vector<const char*>> warnings;
};

// The folder itself, or that of the description someone chose in it.
std::string folderOf(const char* path) {
    const fs::path chosen(path);
    std::error_code code;
    return (fs::is_directory(chosen, code) ? chosen : fs::absolute(chosen).parent_path()).string();
}

PosteriaImageInfo infoOf(Series& series, std::vector<const char*>& warnings) {
    PosteriaImageInfo info = {};
    info.struct_size = sizeof info;
    info.type = series.levels.front()->info().type;
    for (int k = 0; k < 5; ++k)
        info.extent[k] = series.extent(k);
    for (std::size_t k = 0; k < 3; ++k)
        info.voxel_um[k] = series.voxelUm[k];
    info.time_increment_s = series.timeIncrementS;
    info.name = series.name.empty() ? nullptr : series.name.c_str();
    info.axes = series.axes.c_str();
    for (std::size_t c = 0; c < series.channels.size(); ++c)
        series.channels[c].name = series.channelNames[c].c_str();
    info.channels = series.channels.empty() ? nullptr : series.channels.data();
    info.levels = series.levelSizes.data();
    info.level_count = static_cast<std::int64_t>(series.levelSizes.size());
    info.compression = series.compression.c_str();
    info.tiled = 1;
    for (const auto& warning : series.warnings)
        warnings.push_back(warning.c_str());
    warnings.push_back(nullptr);
    info.warnings = warnings.data();
    return info;
}

int recognises(const char* path, int isFolder, const std::uint8_t*, std::size_t) {
    try {
        const fs::path chosen(path);
        std::error_code code;
        for (const char* name : kDescriptions) {
            if (isFolder ? fs::exists(chosen / name, code) : chosen.filename() == name) return 1;
        }
    } catch (...) {
    }
    return 0;
}

int openFolder(const PosteriaServices*, const char* path, void** file, std::int64_t* series,
               char* error, std::size_t errorSize) {
    return guarded(error, errorSize, [&] {
        auto opened = std::make_unique<OpenFile>();
        opened->store = std::make_shared<const Store>(folderOf(path));
        opened->series = seriesOf(opened->store);
        opened->warnings.resize(opened->series.size());
        for (std::size_t k = 0; k < opened->series.size(); ++k)
            opened->infos.push_back(infoOf(opened->series[k], opened->warnings[k]));
        *series = static_cast<std::int64_t>(opened->series.size());
        *file = opened.release();
    });
}

const PosteriaImageInfo* describe(void* file, std::int64_t series) {
    const auto& infos = static_cast<const OpenFile*>(file)->infos;
    return series >= 0 && series < static_cast<std::int64_t>(infos.size())
               ? &infos[static_cast<std::size_t>(series)]
               : nullptr;
}

int readPixels(const PosteriaServices* services, void* file, const PosteriaPosition* at,
               const PosteriaBuffer* out, char* error, std::size_t errorSize) {
    return guarded(error, errorSize, [&] {
        const auto& series =
            static_cast<const OpenFile*>(file)->series.at(static_cast<std::size_t>(at->series));
        const auto level = static_cast<std::size_t>(at->level);
        const auto& array = *series.levels.at(level);
        // A smaller level may have fewer planes: the one at the same height stands for several.
        const auto z = at->z * series.extent(2, level) / series.extent(2);
        const std::int64_t position[5] = {at->t, at->c, z, at->y, at->x};
        std::vector<std::int64_t> index(array.info().shape.size(), 0);
        for (std::size_t k = 0; k < 5; ++k) {
            if (series.axis[k] >= 0) index[static_cast<std::size_t>(series.axis[k])] = position[k];
        }
        array.read(index, static_cast<std::size_t>(series.axis[3]),
                   static_cast<std::size_t>(series.axis[4]), *out,
                   [&] { return services->is_cancelled(services->host) != 0; });
    });
}

void closeFile(void* file) {
    delete static_cast<OpenFile*>(file);
}

const PosteriaImageReader kReader = {
    sizeof(PosteriaImageReader), recognises, openFolder, describe, readPixels, closeFile};

const PosteriaPlugin kPlugin = {POSTERIA_ABI_MAJOR,     POSTERIA_ABI_MINOR,
                                sizeof(PosteriaPlugin), POSTERIA_IMAGE_READER,
                                "posteria.ome-zarr",    "1.0",
                                "OME-Zarr reader",      &kReader};

}  // namespace

extern "C" POSTERIA_EXPORT const PosteriaPlugin* posteria_plugin(void) {
    return &kPlugin;
}
