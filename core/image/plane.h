// Pixels of one rectangle of one plane, row-major (Y, X), tightly packed, shared and read-only once
// published: copies of a Plane share the memory.
#pragma once

#include <cstddef>
#include <memory>

#include "core/image/types.h"

namespace posteria::image {

class Plane {
  public:
    Plane() = default;
    // Takes memory that someone else owns; `owner` keeps it alive.
    Plane(PixelType type, std::int64_t width, std::int64_t height,
          std::shared_ptr<const void> owner, const void* data);
    // Zeroed memory of its own; fill it through the returned pointer before sharing the plane.
    static Plane allocate(PixelType type, std::int64_t width, std::int64_t height, void** writable);

    PixelType type() const { return m_type; }
    std::int64_t width() const { return m_width; }
    std::int64_t height() const { return m_height; }
    std::int64_t size() const { return m_width * m_height; }
    bool empty() const { return size() == 0; }
    const void* data() const { return m_data; }
    template <class T>
    const T* as() const {
        return static_cast<const T*>(m_data);
    }
    const std::shared_ptr<const void>& owner() const { return m_owner; }

    double value(std::int64_t x, std::int64_t y) const;  // within bounds
    // The same pixels as float32; shares the memory when they already are.
    Plane toFloat() const;
    // The pixels of r, which must lie inside; shares nothing.
    Plane cropped(const Rect& r) const;

  private:
    PixelType m_type = PixelType::UInt8;
    std::int64_t m_width = 0, m_height = 0;
    std::shared_ptr<const void> m_owner;
    const void* m_data = nullptr;
};

// Calls f with a pointer of the plane's own pixel type: visit(plane, [](const auto* p) {…}).
template <class F>
auto visit(const Plane& plane, F&& f) {
    switch (plane.type()) {
        case PixelType::UInt8:
            return f(plane.as<std::uint8_t>());
        case PixelType::Int8:
            return f(plane.as<std::int8_t>());
        case PixelType::UInt16:
            return f(plane.as<std::uint16_t>());
        case PixelType::Int16:
            return f(plane.as<std::int16_t>());
        case PixelType::UInt32:
            return f(plane.as<std::uint32_t>());
        case PixelType::Int32:
            return f(plane.as<std::int32_t>());
        case PixelType::UInt64:
            return f(plane.as<std::uint64_t>());
        case PixelType::Int64:
            return f(plane.as<std::int64_t>());
        case PixelType::Float32:
            return f(plane.as<float>());
        case PixelType::Float64:
            break;
    }
    return f(plane.as<double>());
}

// Smallest and largest finite value; {0, 0} when there is none.
std::array<double, 2> finiteRange(const Plane& plane);

}  // namespace posteria::image
