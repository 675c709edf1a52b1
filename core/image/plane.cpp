#include "core/image/plane.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

namespace posteria::image {

Plane::Plane(PixelType type, std::int64_t width, std::int64_t height,
             std::shared_ptr<const void> owner, const void* data)
    : m_type(type), m_width(width), m_height(height), m_owner(std::move(owner)), m_data(data) {}

Plane Plane::allocate(PixelType type, std::int64_t width, std::int64_t height, void** writable) {
    const std::size_t bytes = bytesPerPixel(type) * static_cast<std::size_t>(width * height);
    std::shared_ptr<std::byte[]> memory(new std::byte[bytes]());
    *writable = memory.get();
    return Plane(type, width, height, memory, memory.get());
}

double Plane::value(std::int64_t x, std::int64_t y) const {
    return visit(*this, [&](const auto* p) { return static_cast<double>(p[y * m_width + x]); });
}

Plane Plane::toFloat() const {
    if (m_type == PixelType::Float32) return *this;
    void* memory = nullptr;
    Plane out = allocate(PixelType::Float32, m_width, m_height, &memory);
    visit(*this, [&](const auto* p) {
        std::transform(p, p + size(), static_cast<float*>(memory),
                       [](auto v) { return static_cast<float>(v); });
    });
    return out;
}

Plane Plane::cropped(const Rect& r) const {
    void* memory = nullptr;
    Plane out = allocate(m_type, r.width, r.height, &memory);
    const std::size_t pixel = bytesPerPixel(m_type);
    for (std::int64_t row = 0; row < r.height; ++row) {
        std::memcpy(static_cast<std::byte*>(memory) + row * r.width * pixel,
                    static_cast<const std::byte*>(m_data) + ((r.y + row) * m_width + r.x) * pixel,
                    r.width * pixel);
    }
    return out;
}

std::array<double, 2> finiteRange(const Plane& plane) {
    return visit(plane, [&](const auto* p) -> std::array<double, 2> {
        using T = std::decay_t<decltype(*p)>;
        if constexpr (std::is_floating_point_v<T>) {
            T low = std::numeric_limits<T>::infinity(), high = -low;
            for (std::int64_t i = 0; i < plane.size(); ++i) {
                if (!std::isfinite(p[i])) continue;
                low = std::min(low, p[i]);
                high = std::max(high, p[i]);
            }
            if (low > high) return {0, 0};
            return {static_cast<double>(low), static_cast<double>(high)};
        } else {
            if (plane.empty()) return {0, 0};
            const auto [low, high] = std::minmax_element(p, p + plane.size());
            return {static_cast<double>(*low), static_cast<double>(*high)};
        }
    });
}

}  // namespace posteria::image
