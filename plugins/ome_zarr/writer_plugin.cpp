// The writer's door; see reader_plugin.cpp for the reader's.
#include <memory>

#include "core/plugin/plugin_abi.h"
#include "plugins/ome_zarr/guarded.h"
#include "plugins/ome_zarr/writer.h"

using namespace ome_zarr;

namespace {

int create(const PosteriaServices*, const char* path, const PosteriaImageInfo* const* images,
           std::int64_t count, const PosteriaWriteOptions* options, void** file,
           std::int64_t* blockHeight, std::int64_t* blockWidth, char* error,
           std::size_t errorSize) {
    return guarded(error, errorSize, [&] {
        auto writer = std::make_unique<Writer>(path, images, count, *options);
        *blockHeight = writer->blockHeight();
        *blockWidth = writer->blockWidth();
        *file = writer.release();
    });
}

int writeBlock(const PosteriaServices*, void* file, const PosteriaPosition* at,
               const PosteriaBuffer* block, char* error, std::size_t errorSize) {
    return guarded(error, errorSize, [&] { static_cast<Writer*>(file)->write(*at, *block); });
}

int finish(const PosteriaServices* services, void* file, char* error, std::size_t errorSize) {
    return guarded(error, errorSize, [&] { static_cast<Writer*>(file)->finish(*services); });
}

void closeFile(void* file) {
    delete static_cast<Writer*>(file);
}

const PosteriaImageWriter kWriter = {
    sizeof(PosteriaImageWriter), ".ome.zarr .zarr", create, writeBlock, finish, closeFile};

const PosteriaPlugin kPlugin = {POSTERIA_ABI_MAJOR,         POSTERIA_ABI_MINOR,
                                sizeof(PosteriaPlugin),     POSTERIA_IMAGE_WRITER,
                                "posteria.ome-zarr-writer", "1.0",
                                "OME-Zarr writer",          &kWriter};

}  // namespace

extern "C" POSTERIA_EXPORT const PosteriaPlugin* posteria_plugin(void) {
    return &kPlugin;
}
