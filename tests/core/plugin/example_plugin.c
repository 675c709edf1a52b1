/* A degradation that multiplies by the severity; VARIANT_… breaks its description in one way each.
 */
#include <string.h>

#include "core/plugin/plugin_abi.h"

static int scale(const PosteriaServices* services, double severity, const PosteriaBuffer* in,
                 const PosteriaBuffer* out, char* error, size_t error_size) {
    const int64_t n = in->extent[4];
    float* copy;
    int64_t i;
    if (in->type != POSTERIA_FLOAT32) {
        strncpy(error, "Only float32 can be scaled.", error_size);
        return 7;
    }
    services->log(services->host, POSTERIA_LOG_DEBUG, "scaling");
    if (services->is_cancelled(services->host)) return 1;
    copy = (float*)services->allocate(services->host, (size_t)n * sizeof(float));
    if (!copy) return 2;
    memcpy(copy, in->data, (size_t)n * sizeof(float));
    for (i = 0; i < n; ++i)
        ((float*)out->data)[i] = (float)severity * copy[i];
    services->progress(services->host, 1.0);
    return 0;
}

static const PosteriaDegradation functions = {
#ifdef VARIANT_SHORT_TABLE
    8,
#else
    sizeof(PosteriaDegradation),
#endif
    scale,
#ifdef VARIANT_NO_FUNCTION
    0
#else
    scale
#endif
};

static const PosteriaPlugin plugin = {
#ifdef VARIANT_WRONG_MAJOR
    POSTERIA_ABI_MAJOR + 1,
#else
    POSTERIA_ABI_MAJOR,
#endif
#ifdef VARIANT_NEWER_MINOR
    POSTERIA_ABI_MINOR + 5,
#else
    POSTERIA_ABI_MINOR,
#endif
#ifdef VARIANT_TOO_SHORT
    12,
#else
    sizeof(PosteriaPlugin),
#endif
#ifdef VARIANT_UNKNOWN_KIND
    99,
#else
    POSTERIA_DEGRADATION,
#endif
#ifdef VARIANT_NO_ID
    "",
#else
    "org.example.scale",
#endif
    "1.2",
    "Scale",
    &functions};

const PosteriaPlugin* posteria_plugin(void) {
#ifdef VARIANT_NOTHING
    return 0;
#else
    return &plugin;
#endif
}
