#include "core/image/reduced_plane.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "core/image/read_watch.h"

namespace posteria::image {

namespace {

constexpr std::int64_t kRowsAtOnce = 256;

std::int64_t blocks(std::int64_t pixels, int stride) {
    return (pixels + stride - 1) / stride;
}

}  // namespace

Plane halved(const Plane& from) {
    void* memory = nullptr;
    const auto width = (from.width() + 1) / 2, height = (from.height() + 1) / 2;
    Plane to = Plane::allocate(from.type(), width, height, &memory);
    visit(from, [&](const auto* p) {
        using T = std::decay_t<decltype(*p)>;
        using Sum = std::conditional_t<
            std::is_floating_point_v<T>, double,
            std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>;
        auto* out = static_cast<T*>(memory);
        for (std::int64_t y = 0; y < height; ++y) {
            const T* upper = p + 2 * y * from.width();
            const T* lower = 2 * y + 1 < from.height() ? upper + from.width() : upper;
            for (std::int64_t x = 0; x < width; ++x) {
                const auto left = 2 * x, right = std::min(left + 1, from.width() - 1);
                const Sum sum = static_cast<Sum>(upper[left]) + static_cast<Sum>(upper[right]) +
                                static_cast<Sum>(lower[left]) + static_cast<Sum>(lower[right]);
                if constexpr (std::is_floating_point_v<T>) {
                    *out++ = static_cast<T>(sum / 4);
                } else {
                    *out++ = static_cast<T>((sum + (sum < 0 ? -2 : 2)) / 4);
                }
            }
        }
    });
    return to;
}

Plane readReduced(const Stack& stack, const PlaneIndex& plane, int level, const Rect& rect,
                  int stride) {
    const auto type = stack.info().type;
    const auto width = blocks(rect.width, stride);
    void* memory = nullptr;
    Plane result = Plane::allocate(type, width, blocks(rect.height, stride), &memory);
    auto* out = static_cast<std::byte*>(memory);
    const auto rows = std::max<std::int64_t>(kRowsAtOnce, stride);
    for (std::int64_t y = 0; y < rect.height; y += rows) {
        ReadWatch::step(y, rect.height);
        Plane band = stack.read(plane, level,
                                {rect.x, rect.y + y, rect.width, std::min(rows, rect.height - y)});
        for (int done = 1; done < stride; done *= 2)
            band = halved(band);
        const auto bytes = static_cast<std::size_t>(band.size()) * bytesPerPixel(type);
        std::memcpy(out, band.data(), bytes);
        out += bytes;
    }
    return result;
}

Plane readSampled(const Stack& stack, const PlaneIndex& plane, int level, const Rect& rect,
                  int stride) {
    const std::size_t pixel = bytesPerPixel(stack.info().type);
    void* memory = nullptr;
    Plane result = Plane::allocate(stack.info().type, blocks(rect.width, stride),
                                   blocks(rect.height, stride), &memory);
    auto* out = static_cast<std::byte*>(memory);
    for (std::int64_t row = 0; row < result.height(); ++row) {
        ReadWatch::throwIfCancelled();
        const auto y = std::min(row * stride + stride / 2, rect.height - 1);
        const Plane line = stack.read(plane, level, {rect.x, rect.y + y, rect.width, 1});
        const auto* in = static_cast<const std::byte*>(line.data());
        for (std::int64_t x = 0; x < result.width(); ++x, out += pixel) {
            const auto at = std::min(x * stride + stride / 2, rect.width - 1);
            std::memcpy(out, in + static_cast<std::size_t>(at) * pixel, pixel);
        }
    }
    return result;
}

}  // namespace posteria::image
