/* A reader of files that begin with "LIAR " and the name of a lie to tell about the image. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/plugin/plugin_abi.h"

static char lie[32];
static PosteriaImageInfo info;
static PosteriaChannel channels[2];
static const PosteriaLevel good_levels[] = {{4, 6}, {2, 3}}, growing_levels[] = {{4, 6}, {8, 12}},
                           other_levels[] = {{3, 3}};
static const char* warnings[] = {"A warning.", 0};

static int is(const char* name) {
    return strcmp(lie, name) == 0;
}

static int recognises(const char* path, int is_folder, const uint8_t* head, size_t head_size) {
    (void)path;
    return !is_folder && head_size > 5 && memcmp(head, "LIAR ", 5) == 0;
}

static int open_file(const PosteriaServices* services, const char* path, void** file,
                     int64_t* series, char* error, size_t error_size) {
    FILE* stream = fopen(path, "rb");
    (void)services;
    if (!stream || fscanf(stream, "LIAR %31s", lie) != 1) lie[0] = 0;
    if (stream) fclose(stream);
    if (is("refusal")) {
        snprintf(error, error_size, "This is not to my liking.");
        return 5;
    }
    if (is("silence")) return 5;
    memset(&info, 0, sizeof info);
    info.struct_size = is("short")   ? 8
                       : is("older") ? offsetof(PosteriaImageInfo, name)
                                     : sizeof info;
    info.type = is("type") ? 99 : POSTERIA_UINT16;
    info.extent[0] = info.extent[2] = 1;
    info.extent[1] = 2;
    info.extent[3] = is("nothing") ? 0 : is("huge") ? INT64_MAX : 4;
    info.extent[4] = is("negative") ? -6 : 6;
    if (is("bytes")) info.extent[0] = info.extent[3] = info.extent[4] = 2000000000;
    info.voxel_um[0] = 0.25;
    info.axes = "CYX";
    info.name = "truth";
    channels[0].name = "DNA";
    channels[0].color = 0x00ff00;
    channels[1].color = -1;
    info.channels = channels;
    info.levels = is("growing") ? growing_levels : is("levels") ? other_levels : good_levels;
    info.level_count = is("levels") ? 1 : 2;
    info.compression = "runes";
    info.tiled = 1;
    info.warnings = warnings;
    *series = is("empty") ? 0 : 1;
    *file = &info;
    return 0;
}

static const PosteriaImageInfo* describe(void* file, int64_t series) {
    (void)file;
    return series == 0 && !is("null") ? &info : 0;
}

/* Every pixel says where it is: level, channel, y, x. */
static int read_pixels(const PosteriaServices* services, void* file, const PosteriaPosition* at,
                       const PosteriaBuffer* out, char* error, size_t error_size) {
    int64_t y, x;
    (void)services;
    (void)file;
    if (is("unreadable")) {
        snprintf(error, error_size, "The pixels are gone.");
        return 1;
    }
    for (y = 0; y < out->extent[3]; ++y)
        for (x = 0; x < out->extent[4]; ++x)
            *(uint16_t*)((char*)out->data + y * out->stride[3] + x * out->stride[4]) =
                (uint16_t)(1000 * at->level + 100 * at->c + 10 * (at->y + y) + at->x + x);
    return 0;
}

static void close_file(void* file) {
    (void)file;
}

static const PosteriaImageReader reader = {sizeof reader, recognises,  open_file,
                                           describe,      read_pixels, close_file};
static const PosteriaPlugin plugin = {POSTERIA_ABI_MAJOR,
                                      POSTERIA_ABI_MINOR,
                                      sizeof plugin,
                                      POSTERIA_IMAGE_READER,
                                      "org.example.liar",
                                      "1.0",
                                      "Liar",
                                      &reader};

POSTERIA_EXPORT const PosteriaPlugin* posteria_plugin(void) {
    return &plugin;
}
