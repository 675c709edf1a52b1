#include "core/posterior/uncertainty_maps.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/error.h"

namespace posteria::posterior {

namespace {

// A float32 stack of the shape of others, each of its pixels computed from theirs.
template <class F>
class PixelwiseSource : public image::PlaneSource {
  public:
    PixelwiseSource(std::vector<image::StackPtr> inputs, F compute)
        : m_inputs(std::move(inputs)), m_compute(std::move(compute)) {}

    image::Plane read(const image::PlaneIndex& plane, int level,
                      const image::Rect& rect) const override {
        std::vector<image::Plane> planes;
        std::vector<const float*> pixels;
        for (const auto& input : m_inputs) {
            planes.push_back(input->read(plane, level, rect).toFloat());
            pixels.push_back(planes.back().as<float>());
        }
        void* memory = nullptr;
        auto result =
            image::Plane::allocate(image::PixelType::Float32, rect.width, rect.height, &memory);
        m_compute(m_inputs, pixels, plane, level, static_cast<float*>(memory), result.size());
        return result;
    }

  private:
    std::vector<image::StackPtr> m_inputs;
    F m_compute;
};

template <class F>
image::StackPtr pixelwise(const char* name, std::vector<image::StackPtr> inputs, F compute) {
    if (inputs.empty()) throw Error(ErrorKind::Usage, "There are no samples to make a map of.");
    auto info = inputs.front()->info();
    info.type = image::PixelType::Float32;
    info.reader = name;
    for (auto& channel : info.channels)
        channel.displayRange.reset();
    auto source = std::make_unique<PixelwiseSource<F>>(std::move(inputs), std::move(compute));
    return std::make_shared<const image::Stack>(std::move(info), std::move(source));
}

// Where a quantile lies between sorted values.
struct Position {
    std::size_t low, high;
    float share;
};

Position positionOf(double quantile, std::size_t count) {
    const double at = quantile * static_cast<double>(count - 1);
    const auto low = static_cast<std::size_t>(at);
    return {low, std::min(low + 1, count - 1), static_cast<float>(at - static_cast<double>(low))};
}

// Changes the order of the values.
float quantileOf(std::vector<float>& values, const Position& at) {
    const auto low = values.begin() + static_cast<std::ptrdiff_t>(at.low);
    std::nth_element(values.begin(), low, values.end());
    if (at.high == at.low) return *low;
    return *low + at.share * (*std::min_element(low + 1, values.end()) - *low);
}

void gather(const std::vector<const float*>& pixels, std::int64_t i, std::vector<float>& values) {
    for (std::size_t k = 0; k < pixels.size(); ++k)
        values[k] = pixels[k][i];
}

using Inputs = std::vector<image::StackPtr>;
using Pixels = std::vector<const float*>;

}  // namespace

image::StackPtr relativeDeviation(image::StackPtr std, image::StackPtr mean) {
    return pixelwise(
        "ratio", {std::move(std), std::move(mean)},
        [](const Inputs& inputs, const Pixels& pixels, const image::PlaneIndex& plane, int level,
           float* out, std::int64_t size) {
            const double floor = 0.01 * image::finiteRange(inputs[1]->readPlane(plane, level))[1];
            const float *s = pixels[0], *m = pixels[1];
            for (std::int64_t i = 0; i < size; ++i) {
                out[i] =
                    double(m[i]) > floor ? s[i] / m[i] : std::numeric_limits<float>::quiet_NaN();
            }
        });
}

image::StackPtr quantileMap(std::vector<image::StackPtr> samples, double quantile) {
    return pixelwise("quantile", std::move(samples),
                     [quantile](const Inputs&, const Pixels& pixels, const image::PlaneIndex&, int,
                                float* out, std::int64_t size) {
                         std::vector<float> values(pixels.size());
                         const auto at = positionOf(quantile, values.size());
                         for (std::int64_t i = 0; i < size; ++i) {
                             gather(pixels, i, values);
                             out[i] = quantileOf(values, at);
                         }
                     });
}

std::vector<image::Plane> quantilePlanes(const std::vector<image::StackPtr>& samples,
                                         const image::PlaneIndex& plane, const image::Rect& rect,
                                         int stride, const std::vector<double>& quantiles) {
    if (samples.empty()) throw Error(ErrorKind::Usage, "There are no samples to make a map of.");
    std::vector<image::Plane> planes;
    std::vector<const float*> pixels;
    for (const auto& sample : samples) {
        planes.push_back(sample->read(plane, 0, rect).toFloat());
        pixels.push_back(planes.back().as<float>());
    }
    const auto width = (rect.width + stride - 1) / stride;
    const auto height = (rect.height + stride - 1) / stride;
    std::vector<image::Plane> results;
    std::vector<float*> out;
    std::vector<Position> at;
    for (const double quantile : quantiles) {
        void* memory = nullptr;
        results.push_back(
            image::Plane::allocate(image::PixelType::Float32, width, height, &memory));
        out.push_back(static_cast<float*>(memory));
        at.push_back(positionOf(quantile, samples.size()));
    }
    std::vector<float> values(samples.size());
    for (std::int64_t y = 0; y < height; ++y) {
        for (std::int64_t x = 0; x < width; ++x) {
            gather(pixels, y * stride * rect.width + x * stride, values);
            for (std::size_t q = 0; q < at.size(); ++q)
                out[q][y * width + x] = quantileOf(values, at[q]);
        }
    }
    return results;
}

image::StackPtr intervalWidth(std::vector<image::StackPtr> samples, double low, double high) {
    return pixelwise("interval", std::move(samples),
                     [low, high](const Inputs&, const Pixels& pixels, const image::PlaneIndex&, int,
                                 float* out, std::int64_t size) {
                         std::vector<float> values(pixels.size());
                         const auto from = positionOf(low, values.size());
                         const auto to = positionOf(high, values.size());
                         for (std::int64_t i = 0; i < size; ++i) {
                             gather(pixels, i, values);
                             const float upper = quantileOf(values, to);
                             out[i] = upper - quantileOf(values, from);
                         }
                     });
}

image::StackPtr exceedance(std::vector<image::StackPtr> samples, std::vector<double> thresholds) {
    if (!samples.empty() &&
        samples.front()->shape().c != static_cast<std::int64_t>(thresholds.size())) {
        throw Error(ErrorKind::Usage, "The thresholds are not one a channel.");
    }
    return pixelwise("exceedance", std::move(samples),
                     [thresholds = std::move(thresholds)](const Inputs&, const Pixels& pixels,
                                                          const image::PlaneIndex& plane, int,
                                                          float* out, std::int64_t size) {
                         const auto threshold =
                             static_cast<float>(thresholds[static_cast<std::size_t>(plane.c)]);
                         std::fill(out, out + size, 0.f);
                         for (const float* sample : pixels) {
                             for (std::int64_t i = 0; i < size; ++i)
                                 out[i] += sample[i] > threshold ? 1.f : 0.f;
                         }
                         const auto count = static_cast<float>(pixels.size());
                         for (std::int64_t i = 0; i < size; ++i)
                             out[i] /= count;
                     });
}

}  // namespace posteria::posterior
