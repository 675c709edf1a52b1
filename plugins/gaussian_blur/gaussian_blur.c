/* A Gaussian blur of every plane in y and x, of 2 t pixels standard deviation at severity t. Light
 * that would leave the image is reflected at its edge, so none is lost; the blur is then its own
 * transpose, for the weight from pixel i to j, sum over m of k(i - j + 2nm) + k(i + j + 1 + 2nm) on
 * n pixels, stays the same when i and j change places. */
#include <math.h>
#include <stdio.h>

#include "core/plugin/plugin_abi.h"

#define STANDARD_DEVIATION_AT_1 2.0
#define REACH 4.0 /* standard deviations, where the kernel ends */
#define MOST_WEIGHTS 9

static int failed(char* error, size_t error_size, const char* sentence) {
    snprintf(error, error_size, "%s", sentence);
    return 1;
}

/* One side of the kernel, k[0] its middle; returns how many weights there are. */
static int64_t make_kernel(double severity, double* k) {
    const double sigma = STANDARD_DEVIATION_AT_1 * severity;
    const int64_t reach = (int64_t)ceil(REACH * sigma);
    double sum = 0;
    int64_t i;
    for (i = 0; i <= reach; ++i) {
        k[i] = sigma > 0 ? exp(-0.5 * (double)(i * i) / (sigma * sigma)) : 1.0;
        sum += i ? 2 * k[i] : k[i];
    }
    for (i = 0; i <= reach; ++i)
        k[i] /= sum;
    return reach + 1;
}

static int64_t reflected(int64_t i, int64_t n) {
    i %= 2 * n;
    if (i < 0) i += 2 * n;
    return i < n ? i : 2 * n - 1 - i;
}

/* n values, `step` doubles apart, blurred from one line to another. */
static void blur_line(const double* from, double* to, int64_t n, int64_t step, const double* k,
                      int64_t weights) {
    int64_t i, d;
    for (i = 0; i < n; ++i) {
        double sum = k[0] * from[i * step];
        for (d = 1; d < weights; ++d)
            sum += k[d] * (from[reflected(i - d, n) * step] + from[reflected(i + d, n) * step]);
        to[i * step] = sum;
    }
}

static void copy_plane(const char* from, int64_t row, int64_t column, double* to, int64_t height,
                       int64_t width) {
    int64_t y, x;
    for (y = 0; y < height; ++y)
        for (x = 0; x < width; ++x)
            *to++ = *(const float*)(from + y * row + x * column);
}

static int blur(const PosteriaServices* services, double severity, const PosteriaBuffer* in,
                const PosteriaBuffer* out, char* error, size_t error_size) {
    const int64_t height = in->extent[3], width = in->extent[4];
    const int64_t planes = in->extent[0] * in->extent[1] * in->extent[2];
    double k[MOST_WEIGHTS], *plane, *rows;
    int64_t i, p, weights;
    if (in->type != POSTERIA_FLOAT32 || out->type != POSTERIA_FLOAT32)
        return failed(error, error_size, "Only float32 pixels can be blurred.");
    for (i = 0; i < 5; ++i)
        if (in->extent[i] != out->extent[i])
            return failed(error, error_size, "Both images of a blur have one size.");
    if (!(severity >= 0 && severity <= 1))
        return failed(error, error_size, "A severity lies between 0 and 1.");
    weights = make_kernel(severity, k);
    plane = services->allocate(services->host, sizeof(double) * (size_t)(height * width));
    rows = services->allocate(services->host, sizeof(double) * (size_t)(height * width));
    if (!plane || !rows) return failed(error, error_size, "There is not enough memory to blur.");
    for (p = 0; p < planes; ++p) {
        const int64_t z = p % in->extent[2], c = p / in->extent[2] % in->extent[1],
                      t = p / in->extent[2] / in->extent[1];
        const char* from =
            (const char*)in->data + t * in->stride[0] + c * in->stride[1] + z * in->stride[2];
        char* to = (char*)out->data + t * out->stride[0] + c * out->stride[1] + z * out->stride[2];
        if (services->is_cancelled(services->host)) return failed(error, error_size, "Stopped.");
        copy_plane(from, in->stride[3], in->stride[4], plane, height, width);
        for (i = 0; i < height; ++i)
            blur_line(plane + i * width, rows + i * width, width, 1, k, weights);
        for (i = 0; i < width; ++i)
            blur_line(rows + i, plane + i, height, width, k, weights);
        for (i = 0; i < height * width; ++i)
            *(float*)(to + i / width * out->stride[3] + i % width * out->stride[4]) =
                (float)plane[i];
        services->progress(services->host, (double)(p + 1) / (double)planes);
    }
    return 0;
}

static const PosteriaDegradation kDegradation = {sizeof(PosteriaDegradation), blur, blur};

static const PosteriaPlugin kPlugin = {POSTERIA_ABI_MAJOR,       POSTERIA_ABI_MINOR,
                                       sizeof(PosteriaPlugin),   POSTERIA_DEGRADATION,
                                       "posteria.gaussian-blur", "1.0",
                                       "Gaussian blur",          &kDegradation};

POSTERIA_EXPORT const PosteriaPlugin* posteria_plugin(void) {
    return &kPlugin;
}
