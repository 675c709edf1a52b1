// Pixels by their type: their size, a typed call, and the mean of two by two.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "core/plugin/plugin_abi.h"

namespace ome_zarr {

// Calls f with a zero of the pixel type.
template <class F>
auto withType(std::uint32_t type, F&& f) {
    switch (type) {
        case POSTERIA_UINT8:
            return f(std::uint8_t());
        case POSTERIA_INT8:
            return f(std::int8_t());
        case POSTERIA_UINT16:
            return f(std::uint16_t());
        case POSTERIA_INT16:
            return f(std::int16_t());
        case POSTERIA_UINT32:
            return f(std::uint32_t());
        case POSTERIA_INT32:
            return f(std::int32_t());
        case POSTERIA_UINT64:
            return f(std::uint64_t());
        case POSTERIA_INT64:
            return f(std::int64_t());
        case POSTERIA_FLOAT32:
            return f(float());
        default:
            return f(double());
    }
}

inline std::size_t bytesOf(std::uint32_t type) {
    return withType(type, [](auto zero) { return sizeof zero; });
}

// height × width pixels of `from`, halved into `to`, whole numbers rounded; widths of rows in
// memory are given apart. The last row and column of an odd size stand alone.
template <class T>
void halve(const T* from, std::int64_t fromRow, std::int64_t height, std::int64_t width, T* to,
           std::int64_t toRow) {
    using Sum = std::conditional_t<
        std::is_floating_point_v<T>, double,
        std::conditional_t<sizeof(T) == 8,
                           std::conditional_t<std::is_signed_v<T>, __int128, unsigned __int128>,
                           std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>>;
    for (std::int64_t y = 0; y < (height + 1) / 2; ++y) {
        const T* upper = from + 2 * y * fromRow;
        const T* lower = 2 * y + 1 < height ? upper + fromRow : upper;
        for (std::int64_t x = 0; x < (width + 1) / 2; ++x) {
            const auto left = 2 * x, right = std::min(left + 1, width - 1);
            const Sum sum = static_cast<Sum>(upper[left]) + static_cast<Sum>(upper[right]) +
                            static_cast<Sum>(lower[left]) + static_cast<Sum>(lower[right]);
            if constexpr (std::is_floating_point_v<T>) {
                to[y * toRow + x] = static_cast<T>(sum / 4);
            } else if constexpr (std::is_signed_v<T>) {
                to[y * toRow + x] = static_cast<T>((sum + (sum < 0 ? -2 : 2)) / 4);
            } else {
                to[y * toRow + x] = static_cast<T>((sum + 2) / 4);
            }
        }
    }
}

}  // namespace ome_zarr
