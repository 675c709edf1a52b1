/* A small but whole image reader: binary portable graymaps (PGM, "P5"), of 8 or 16 bits. Start your
 * own from it: change what is recognised, what open() finds out, and how read() gets the pixels. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include <posteria/plugin_abi.h>

typedef struct Graymap {
    FILE* file;
    long first; /* where the pixels begin */
    int bytes;  /* of a pixel: 1, or 2 with the high byte first */
    PosteriaImageInfo info;
} Graymap;

static int failed(char* error, size_t error_size, const char* sentence) {
    snprintf(error, error_size, "%s", sentence);
    return 1;
}

/* The next number of the header, behind blanks and comments; -1 when there is none. */
static long next_number(FILE* file) {
    long value = 0;
    int c = fgetc(file), digits = 0;
    while (isspace(c) || c == '#') {
        if (c == '#')
            while (c != '\n' && c != EOF)
                c = fgetc(file);
        else
            c = fgetc(file);
    }
    for (; isdigit(c) && digits < 9; ++digits, c = fgetc(file))
        value = 10 * value + (c - '0');
    return digits && isspace(c) ? value : -1; /* one blank ends a number, the last one the header */
}

static int recognises(const char* path, int is_folder, const uint8_t* head, size_t head_size) {
    (void)path;
    return !is_folder && head_size > 2 && head[0] == 'P' && head[1] == '5' && isspace(head[2]);
}

static void close_file(void* file) {
    Graymap* map = file;
    fclose(map->file);
    free(map);
}

static int open_file(const PosteriaServices* services, const char* path, void** file,
                     int64_t* series, char* error, size_t error_size) {
    Graymap* map = calloc(1, sizeof *map);
    long width, height, largest, size;
    (void)services;
    if (!map) return failed(error, error_size, "There is not enough memory.");
    map->file = fopen(path, "rb");
    if (!map->file) {
        free(map);
        return failed(error, error_size, "The file cannot be read.");
    }
    fseek(map->file, 2, SEEK_SET);
    width = next_number(map->file);
    height = next_number(map->file);
    largest = next_number(map->file);
    map->first = ftell(map->file);
    map->bytes = largest > 255 ? 2 : 1;
    fseek(map->file, 0, SEEK_END);
    size = ftell(map->file);
    if (width < 1 || height < 1 || largest < 1 || largest > 65535 ||
        (size - map->first) / map->bytes / width < height) {
        close_file(map);
        return failed(error, error_size, "The graymap is damaged or cut short.");
    }
    map->info.struct_size = sizeof map->info;
    map->info.type = map->bytes == 2 ? POSTERIA_UINT16 : POSTERIA_UINT8;
    map->info.extent[0] = map->info.extent[1] = map->info.extent[2] = 1;
    map->info.extent[3] = height;
    map->info.extent[4] = width;
    map->info.axes = "YX";
    *series = 1;
    *file = map;
    return 0;
}

static const PosteriaImageInfo* describe(void* file, int64_t series) {
    (void)series;
    return &((Graymap*)file)->info;
}

static int read_pixels(const PosteriaServices* services, void* file, const PosteriaPosition* at,
                       const PosteriaBuffer* out, char* error, size_t error_size) {
    Graymap* map = file;
    int64_t x, y;
    for (y = 0; y < out->extent[3]; ++y) {
        const int64_t pixel = (at->y + y) * map->info.extent[4] + at->x;
        char* to = (char*)out->data + y * out->stride[3];
        if (services->is_cancelled(services->host)) return failed(error, error_size, "Stopped.");
        if (fseek(map->file, map->first + (long)(pixel * map->bytes), SEEK_SET) != 0)
            return failed(error, error_size, "The graymap cannot be read.");
        for (x = 0; x < out->extent[4]; ++x, to += out->stride[4]) {
            const int high = fgetc(map->file), low = map->bytes == 2 ? fgetc(map->file) : 0;
            if (high == EOF || low == EOF)
                return failed(error, error_size, "The graymap is cut short.");
            if (map->bytes == 2)
                *(uint16_t*)to = (uint16_t)(high << 8 | low);
            else
                *(uint8_t*)to = (uint8_t)high;
        }
    }
    return 0;
}

static const PosteriaImageReader reader = {sizeof reader, recognises,  open_file,
                                           describe,      read_pixels, close_file};

static const PosteriaPlugin plugin = {POSTERIA_ABI_MAJOR,
                                      POSTERIA_ABI_MINOR,
                                      sizeof plugin,
                                      POSTERIA_IMAGE_READER,
                                      "org.example.pgm", /* yours: a name nobody else has */
                                      "1.0",
                                      "PGM reader",
                                      &reader};

POSTERIA_EXPORT const PosteriaPlugin* posteria_plugin(void) {
    return &plugin;
}
