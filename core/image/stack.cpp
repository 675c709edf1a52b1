#include "core/image/stack.h"

#include <utility>

#include "core/base/error.h"

namespace posteria::image {

Stack::Stack(StackInfo info, std::unique_ptr<const PlaneSource> source)
    : m_info(std::move(info)), m_source(std::move(source)) {
    if (m_info.levels.empty()) m_info.levels.push_back({m_info.shape.y, m_info.shape.x});
    m_info.channels.resize(static_cast<std::size_t>(m_info.shape.c));
}

Rect Stack::bounds(int level) const {
    const auto& size = m_info.levels.at(static_cast<std::size_t>(level));
    return {0, 0, size.width, size.height};
}

Plane Stack::read(const PlaneIndex& plane, int level, const Rect& rect) const {
    const auto& s = m_info.shape;
    if (plane.t < 0 || plane.t >= s.t || plane.c < 0 || plane.c >= s.c || plane.z < 0 ||
        plane.z >= s.z || level < 0 || level >= static_cast<int>(m_info.levels.size())) {
        throw Error(ErrorKind::Usage, "The image has no such plane.", m_info.path);
    }
    const Rect inside = rect.intersected(bounds(level));
    if (inside.empty()) return Plane(m_info.type, 0, 0, nullptr, nullptr);
    return m_source->read(plane, level, inside);
}

Plane Stack::readPlane(const PlaneIndex& plane, int level) const {
    if (level < 0 || level >= static_cast<int>(m_info.levels.size())) {
        throw Error(ErrorKind::Usage, "The image has no such pyramid level.", m_info.path);
    }
    return read(plane, level, bounds(level));
}

namespace {

class MemorySource : public PlaneSource {
  public:
    MemorySource(Shape shape, std::vector<Plane> planes)
        : m_shape(shape), m_planes(std::move(planes)) {}

    Plane read(const PlaneIndex& index, int, const Rect& rect) const override {
        const auto& plane = m_planes[(index.t * m_shape.c + index.c) * m_shape.z + index.z];
        if (rect == Rect{0, 0, m_shape.x, m_shape.y}) return plane;
        return plane.cropped(rect);
    }

  private:
    Shape m_shape;
    std::vector<Plane> m_planes;
};

}  // namespace

StackPtr makeMemoryStack(StackInfo info, std::vector<Plane> planes) {
    if (static_cast<std::int64_t>(planes.size()) != info.shape.planes()) {
        throw Error(ErrorKind::Usage, "The number of planes does not fit the shape.", info.name);
    }
    for (const auto& plane : planes) {
        if (plane.width() != info.shape.x || plane.height() != info.shape.y ||
            plane.type() != info.type) {
            throw Error(ErrorKind::Usage, "A plane does not fit the stack's size or type.",
                        info.name);
        }
    }
    info.reader = "memory";
    info.levels = {{info.shape.y, info.shape.x}};
    if (info.axes.empty()) info.axes = "TCZYX";
    auto source = std::make_unique<MemorySource>(info.shape, std::move(planes));
    return std::make_shared<const Stack>(std::move(info), std::move(source));
}

std::vector<Plane> readPlanes(const Stack& stack) {
    std::vector<Plane> planes;
    const auto& s = stack.shape();
    for (std::int64_t t = 0; t < s.t; ++t) {
        for (std::int64_t c = 0; c < s.c; ++c) {
            for (std::int64_t z = 0; z < s.z; ++z)
                planes.push_back(stack.readPlane({t, c, z}));
        }
    }
    return planes;
}

}  // namespace posteria::image
