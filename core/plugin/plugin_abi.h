/* The door for plugins: plain C, this header only. A plugin is a shared library that exports
 *
 *     const PosteriaPlugin* posteria_plugin(void);
 *
 * and nothing else need be known of it. The host checks abi_major and struct_size before it touches
 * the rest, then calls through the function table of the plugin's kind. Functions return 0 or an
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

typedef struct PosteriaImageInfo {
    uint32_t struct_size;
    uint32_t type;
    int64_t extent[5];
    double voxel_um[3];      /* x, y, z; 0: not known */
    double time_increment_s; /* 0: not known */
} PosteriaImageInfo;

typedef struct PosteriaImageReader {
    uint32_t struct_size;
    /* Whether the file looks like this reader's, from its first bytes; never touches the file. */
    int (*recognises)(const char* path, const uint8_t* head, size_t head_size);
    int (*open)(const PosteriaServices*, const char* path, void** image, PosteriaImageInfo* info,
                char* error, size_t error_size);
    /* Fills `out` (extent 1 1 1 height width) with the pixels at (x, y) of one plane. */
    int (*read)(const PosteriaServices*, void* image, int64_t t, int64_t c, int64_t z, int64_t x,
                int64_t y, PosteriaBuffer* out, char* error, size_t error_size);
    void (*close)(void* image);
} PosteriaImageReader;

typedef struct PosteriaImageWriter {
    uint32_t struct_size;
    int (*create)(const PosteriaServices*, const char* path, const PosteriaImageInfo* info,
                  void** image, char* error, size_t error_size);
    int (*write)(const PosteriaServices*, void* image, int64_t t, int64_t c, int64_t z,
                 const PosteriaBuffer* plane, char* error, size_t error_size);
    int (*finish)(const PosteriaServices*, void* image, char* error, size_t error_size);
    void (*close)(void* image); /* without finish: leaves nothing behind */
} PosteriaImageWriter;

/* A linear degradation D on float32 buffers: apply is y = D x, adjoint x = D^T y. */
typedef struct PosteriaDegradation {
    uint32_t struct_size;
    int (*apply)(const PosteriaServices*, double severity, const PosteriaBuffer* x,
                 PosteriaBuffer* y, char* error, size_t error_size);
    int (*adjoint)(const PosteriaServices*, double severity, const PosteriaBuffer* y,
                   PosteriaBuffer* x, char* error, size_t error_size);
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
    const char* title; /* for people */
    const void*
        functions; /* the kind's table; its struct_size is the size the plugin was built with */
} PosteriaPlugin;

typedef const PosteriaPlugin* (*PosteriaPluginEntry)(void);

#ifdef __cplusplus
}
#endif
