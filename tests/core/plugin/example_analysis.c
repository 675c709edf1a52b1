/* Counts the pixels; what it answers with depends on the image's number of channels. */
#include <stdio.h>

#include "core/plugin/plugin_abi.h"

static int run(const PosteriaServices* services, const PosteriaBuffer* image,
               const PosteriaBuffer* uncertainty, char** json, char* error, size_t error_size) {
    static char own[] = "{}";
    char* text = services->allocate(services->host, 64);
    (void)error;
    (void)error_size;
    if (!text) return 1;
    snprintf(text, 64, "{\"pixels\": %d, \"uncertain\": %s}",
             (int)(image->extent[3] * image->extent[4]), uncertainty ? "true" : "false");
    *json = image->extent[1] == 2 ? own : text; /* not the host's memory */
    if (image->extent[1] == 3) {
        int i;
        for (i = 0; i < 64; ++i)
            text[i] = 'x'; /* without an end */
    }
    return 0;
}

static const PosteriaAnalysis analysis = {sizeof analysis, run};
static const PosteriaPlugin plugin = {POSTERIA_ABI_MAJOR,  POSTERIA_ABI_MINOR,
                                      sizeof plugin,       POSTERIA_ANALYSIS,
                                      "org.example.count", "1.0",
                                      "Count pixels",      &analysis};

POSTERIA_EXPORT const PosteriaPlugin* posteria_plugin(void) {
    return &plugin;
}
