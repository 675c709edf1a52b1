// Stacks made by the tests, and sums over them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "core/image/stack.h"

namespace stacks {

using namespace posteria::image;

// Pixel (x, y) of plane (t, c, z): different at every place, and different between types in scale.
inline double expectedValue(PixelType type, std::int64_t t, std::int64_t c, std::int64_t z,
                            std::int64_t y, std::int64_t x) {
    const double value = static_cast<double>((x * 7 + y * 13 + z * 31 + c * 57 + t * 101) % 120);
    switch (type) {
        case PixelType::Int8:
            return value - 60;
        case PixelType::Int16:
            return value * 200 - 12000;
        case PixelType::UInt16:
            return value * 500;
        case PixelType::Int32:
            return value * 1e6 - 6e7;
        case PixelType::UInt32:
            return value * 3e7;
        case PixelType::Float32:
            return static_cast<float>(value / 7 - 3);
        case PixelType::Float64:
            return value / 7 - 3;
        default:
            return value;
    }
}

inline StackPtr make(PixelType type, Shape shape, const std::string& name = "made") {
    StackInfo info;
    info.name = name;
    info.shape = shape;
    info.type = type;
    std::vector<Plane> planes;
    for (std::int64_t t = 0; t < shape.t; ++t) {
        for (std::int64_t c = 0; c < shape.c; ++c) {
            for (std::int64_t z = 0; z < shape.z; ++z) {
                void* memory = nullptr;
                Plane plane = Plane::allocate(type, shape.x, shape.y, &memory);
                visit(plane, [&](const auto* p) {
                    auto* out =
                        const_cast<std::remove_const_t<std::remove_pointer_t<decltype(p)>>*>(p);
                    for (std::int64_t y = 0; y < shape.y; ++y) {
                        for (std::int64_t x = 0; x < shape.x; ++x) {
                            out[y * shape.x + x] = static_cast<std::decay_t<decltype(*p)>>(
                                expectedValue(type, t, c, z, y, x));
                        }
                    }
                });
                planes.push_back(plane);
            }
        }
    }
    return makeMemoryStack(info, planes);
}

// Compares every pixel; an empty text when they are the same.
inline std::string difference(const Stack& a, const Stack& b) {
    if (a.shape() != b.shape()) return "shapes differ";
    if (a.info().type != b.info().type) return "types differ";
    for (std::int64_t t = 0; t < a.shape().t; ++t) {
        for (std::int64_t c = 0; c < a.shape().c; ++c) {
            for (std::int64_t z = 0; z < a.shape().z; ++z) {
                const Plane p = a.readPlane({t, c, z}), q = b.readPlane({t, c, z});
                const auto* first = p.as<unsigned char>();
                if (!std::equal(
                        first, first + static_cast<std::size_t>(p.size()) * bytesPerPixel(p.type()),
                        q.as<unsigned char>())) {
                    return "plane t" + std::to_string(t) + " c" + std::to_string(c) + " z" +
                           std::to_string(z) + " differs";
                }
            }
        }
    }
    return {};
}

struct Statistics {
    double min = HUGE_VAL, max = -HUGE_VAL;
    long double sum = 0;  // NaN pixels do not count
};

inline void accumulate(const Stack& stack, const PlaneIndex& index, int level, Statistics& s) {
    const Rect all = stack.bounds(level);
    const std::int64_t rows = std::max<std::int64_t>(1, (4 << 20) / all.width);
    for (std::int64_t y = 0; y < all.height; y += rows) {
        const Plane band = stack.read(index, level, {0, y, all.width, rows});
        visit(band, [&s, &band](const auto* p) {
            // 64-bit integers do not fit a double exactly; all else is summed faster as one.
            using T = std::decay_t<decltype(*p)>;
            using Sum =
                std::conditional_t<std::is_integral_v<T> && sizeof(T) == 8, long double, double>;
            Sum sum = 0;
            for (std::int64_t i = 0; i < band.size(); ++i) {
                if (p[i] != p[i]) continue;
                s.min = std::min(s.min, static_cast<double>(p[i]));
                s.max = std::max(s.max, static_cast<double>(p[i]));
                sum += static_cast<Sum>(p[i]);
            }
            s.sum += sum;
        });
    }
}

inline Statistics statistics(const Stack& stack, int level = 0) {
    Statistics s;
    for (std::int64_t t = 0; t < stack.shape().t; ++t) {
        for (std::int64_t c = 0; c < stack.shape().c; ++c) {
            for (std::int64_t z = 0; z < stack.shape().z; ++z)
                accumulate(stack, {t, c, z}, level, s);
        }
    }
    return s;
}

}  // namespace stacks
