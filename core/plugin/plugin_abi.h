/* The door for plugins: plain C, this header only. A plugin is a shared library that exports
 *
 *     const PosteriaPlugin* posteria_plugin(void);
 *
 * and nothing else need be known of it. The host checks abi_major and struct_size before it touches
 * the rest, then calls through the function table of the plugin's kind. A struct_size is the size
 * of the struct as its maker knows it; nobody reads beyond. Functions return 0 or an
 * error number of the plugin's own, with one sentence (UTF-8, zero-terminated) written to `error`.
 * No exception may cross, and what one side allocated the other never frees. The host may call from
 * any thread, but never the same object from two at once. Axes T C Z Y X, lengths in micrometres,
 * severity 0 clean, 1 degraded. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A new minor only appends members; a new major changes what is there. */
#define POSTERIA_ABI_MAJOR 1u
#define POSTERIA_ABI_MINOR 0u
#define POSTERIA_PLUGIN_SYMBOL "posteria_plugin"

enum PosteriaPluginKind {
    POSTERIA_IMAGE_READER = 1, /* functions: PosteriaImageReader */
    POSTERIA_IMAGE_WRITER = 2, /* functions: PosteriaImageWriter */
    POSTERIA_DEGRADATION = 3,  /* functions: PosteriaDegradation */
    POSTERIA_ANALYSIS = 4      /* functions: PosteriaAnalysis */
};

enum PosteriaPixelType {
    POSTERIA_UINT8 = 1,
    POSTERIA_INT8,
    POSTERIA_UINT16,
    POSTERIA_INT16,
    POSTERIA_UINT32,
    POSTERIA_INT32,
    POSTERIA_UINT64,
    POSTERIA_INT64,
    POSTERIA_FLOAT32,
    POSTERIA_FLOAT64
};

enum PosteriaLogLevel { POSTERIA_LOG_DEBUG = 0, POSTERIA_LOG_INFO = 1, POSTERIA_LOG_WARNING = 2 };

/* Pixels of a five-dimensional block, T C Z Y X; strides are in bytes. */
/* `data` is written to only where a function says so. */
typedef struct PosteriaBuffer {
    void* data;
    uint32_t type; /* PosteriaPixelType */
    int64_t extent[5];
    int64_t stride[5];
} PosteriaBuffer;

/* What the host does for a running call; `host` is handed back unchanged. */
typedef struct PosteriaServices {
    uint32_t struct_size;
    void* host;
    void (*log)(void* host, int level, const char* text);
    void (*progress)(void* host, double fraction); /* 0 to 1 */
    int (*is_cancelled)(void* host);               /* not 0: return soon, with any error number */
    void* (*allocate)(void* host,
                      size_t bytes); /* freed by the host after the call; null: no memory */
} PosteriaServices;

typedef struct PosteriaChannel {
    const char* name;                  /* null: none */
    int64_t color;                     /* 0xRRGGBB; -1: not known */
    double excitation_nm, emission_nm; /* 0: not known */
    double display_min, display_max;   /* contrast limits; equal: not known */
} PosteriaChannel;

typedef struct PosteriaLevel {
    int64_t height, width;
} PosteriaLevel;

/* One image (series) of a file. Who fills it in keeps it and what it points to: a reader until
 * close(), the host until create() returns. */
typedef struct PosteriaImageInfo {
    uint32_t struct_size;
    uint32_t type;           /* PosteriaPixelType */
    int64_t extent[5];       /* T C Z Y X, each at least 1 */
    double voxel_um[3];      /* x, y, z; 0: not known */
    double time_increment_s; /* 0: not known */
    const char* name;        /* null: none */
    const char* axes;        /* those of the file, slowest first, as "ZYX"; null: all five */
    const PosteriaChannel* channels; /* extent[1] of them; null: nothing is known */
    const PosteriaLevel* levels;     /* pyramid, full size first; null: full size alone */
    int64_t level_count;
    const char* compression;     /* as "zstd"; null: none */
    int32_t tiled;               /* not 0: stored in tiles or chunks */
    const char* const* warnings; /* sentences for the user, the last is null; null: none */
} PosteriaImageInfo;

/* A pixel of a file: `level` of the pyramid, y and x in pixels of that level. */
typedef struct PosteriaPosition {
    int64_t series, level, t, c, z, y, x;
} PosteriaPosition;

typedef struct PosteriaImageReader {
    uint32_t struct_size;
    /* Whether the file looks like this reader's, from its first bytes (never by its ending alone),
     * or the folder from the names in it. Cheap: asked for everything that is opened. */
    int (*recognises)(const char* path, int is_folder, const uint8_t* head, size_t head_size);
    /* Reads the structure, not the pixels, and says how many images there are (1 or more). */
    int (*open)(const PosteriaServices*, const char* path, void** file, int64_t* series,
                char* error, size_t error_size);
    const PosteriaImageInfo* (*describe)(void* file, int64_t series);
    /* Fills `out` (extent 1 1 1 height width) with the pixels from `at` on, which are all inside.
     */
    int (*read)(const PosteriaServices*, void* file, const PosteriaPosition* at,
                const PosteriaBuffer* out, char* error, size_t error_size);
    void (*close)(void* file);
} PosteriaImageReader;

typedef struct PosteriaWriteOptions {
    uint32_t struct_size;
    const char* compression; /* none, lzw, deflate, zstd; null: the writer's choice */
    int64_t tile;            /* side of tiles or chunks in pixels; 0: the writer's choice */
    int32_t pyramid;         /* not 0: with halved levels */
} PosteriaWriteOptions;

typedef struct PosteriaImageWriter {
    uint32_t struct_size;
    const char* endings; /* of the paths it writes, lower case, with blanks between */
    /* Says how large the blocks shall be in which the planes come; 0: as wide, as high as a plane.
     */
    int (*create)(const PosteriaServices*, const char* path, const PosteriaImageInfo* const* images,
                  int64_t series, const PosteriaWriteOptions* options, void** file,
                  int64_t* block_height, int64_t* block_width, char* error, size_t error_size);
    /* One block of level 0, in the order series, T, C, Z, Y, X (slowest first); those at the far
     * edges are smaller. */
    int (*write)(const PosteriaServices*, void* file, const PosteriaPosition* at,
                 const PosteriaBuffer* block, char* error, size_t error_size);
    /* Makes the file whole under its final name. */
    int (*finish)(const PosteriaServices*, void* file, char* error, size_t error_size);
    void (*close)(void* file); /* without finish: leaves nothing behind */
} PosteriaImageWriter;

/* A linear degradation D on float32 buffers of one extent: apply is y = D x, adjoint x = D^T y, so
 * that <D x, y> = <x, D^T y>. At severity 0 both hand on what they get. */
typedef struct PosteriaDegradation {
    uint32_t struct_size;
    int (*apply)(const PosteriaServices*, double severity, const PosteriaBuffer* x,
                 const PosteriaBuffer* y, char* error, size_t error_size);
    int (*adjoint)(const PosteriaServices*, double severity, const PosteriaBuffer* y,
                   const PosteriaBuffer* x, char* error, size_t error_size);
} PosteriaDegradation;

/* Writes one JSON object, zero-terminated, to memory from services->allocate. `uncertainty` may be
 * null. */
typedef struct PosteriaAnalysis {
    uint32_t struct_size;
    int (*run)(const PosteriaServices*, const PosteriaBuffer* image,
               const PosteriaBuffer* uncertainty, char** json, char* error, size_t error_size);
} PosteriaAnalysis;

typedef struct PosteriaPlugin {
    uint32_t abi_major, abi_minor; /* POSTERIA_ABI_MAJOR, POSTERIA_ABI_MINOR */
    uint32_t struct_size;          /* sizeof(PosteriaPlugin) */
    uint32_t kind;                 /* PosteriaPluginKind */
    const char* id; /* letters, digits, - _ and . ; unique, e.g. "org.example.spots" */
    const char* version;
    const char* title;     /* for people */
    const void* functions; /* the kind's table */
} PosteriaPlugin;

typedef const PosteriaPlugin* (*PosteriaPluginEntry)(void);

/* Written before the definition of posteria_plugin, it is seen even where all else is hidden. */
#ifdef __GNUC__
#define POSTERIA_EXPORT __attribute__((visibility("default")))
#else
#define POSTERIA_EXPORT
#endif

#ifdef __cplusplus
}
#endif
