// Small planes for the tests of analysis.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "core/analysis/metrics.h"

namespace fixture {

// f(x, y) for every pixel.
template <class F>
posteria::image::Plane makePlane(std::int64_t height, std::int64_t width, F&& f) {
    void* memory = nullptr;
    auto plane = posteria::image::Plane::allocate(posteria::image::PixelType::Float32, width,
                                                  height, &memory);
    for (std::int64_t y = 0; y < height; ++y) {
        for (std::int64_t x = 0; x < width; ++x) {
            static_cast<float*>(memory)[y * width + x] = static_cast<float>(f(x, y));
        }
    }
    return plane;
}

// The two images of make_metrics_fixture.py.
struct Images {
    posteria::image::Plane estimate, truth;
};

inline Images makeImages(std::int64_t height, std::int64_t width, std::int64_t plane) {
    const auto noise = [=](auto x, auto y) {
        return (x * 7919 + y * 104729 + plane * 611953 + x * y * 31) % 1009;
    };
    const auto truth = [=](auto x, auto y) {
        return 40 + (x * x + 3 * y * y + 50 * plane) / 64 % 200 + noise(x, y) % 17;
    };
    return {makePlane(height, width,
                      [&](auto x, auto y) { return truth(x, y) * 3 / 4 + 20 + noise(x, y) % 31; }),
            makePlane(height, width, truth)};
}

inline posteria::image::Plane gaussianPlane(std::mt19937& random, std::int64_t height,
                                            std::int64_t width, double mean, double sigma) {
    std::normal_distribution<double> normal(mean, sigma);
    return makePlane(height, width, [&](auto, auto) { return normal(random); });
}

}  // namespace fixture
