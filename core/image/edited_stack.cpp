#include "core/image/edited_stack.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <tuple>
#include <type_traits>
#include <utility>

#include "core/base/error.h"

namespace posteria::image {

namespace {

using PlaneKey = std::tuple<std::int64_t, std::int64_t, std::int64_t>;

class EditedSource : public PlaneSource {
  public:
    EditedSource(StackPtr base, std::map<PlaneKey, Plane> planes)
        : m_base(std::move(base)), m_planes(std::move(planes)) {}

    Plane read(const PlaneIndex& plane, int, const Rect& rect) const override {
        const auto found = m_planes.find({plane.t, plane.c, plane.z});
        if (found == m_planes.end()) return m_base->read(plane, 0, rect);
        if (rect == m_base->bounds()) return found->second;
        return found->second.cropped(rect);
    }

    const StackPtr& base() const { return m_base; }
    const std::map<PlaneKey, Plane>& planes() const { return m_planes; }

  private:
    StackPtr m_base;
    std::map<PlaneKey, Plane> m_planes;
};

// A copy whose pixels may be written.
Plane copyOf(const Plane& plane, void** memory) {
    Plane copy = Plane::allocate(plane.type(), plane.width(), plane.height(), memory);
    std::memcpy(*memory, plane.data(),
                static_cast<std::size_t>(plane.size()) * bytesPerPixel(plane.type()));
    return copy;
}

// Calls edit(pixels, value) with the patch's own copy of the pixels of rect; true: something has
// changed.
template <class Edit>
Patch makePatch(const Stack& stack, const PlaneIndex& plane, const Rect& rect, std::uint64_t value,
                const Edit& edit) {
    if (isFloat(stack.info().type))
        throw Error(ErrorKind::Usage, "Labels are whole numbers; this image is not of such.",
                    stack.info().name);
    Patch patch;
    if (rect.empty()) return patch;
    patch.plane = plane;
    patch.before = stack.read(plane, 0, rect);
    void* memory = nullptr;
    patch.after = copyOf(patch.before, &memory);
    const bool changed = visit(patch.before, [&](const auto* p) {
        using T = std::remove_const_t<std::remove_pointer_t<decltype(p)>>;
        const auto most = static_cast<std::uint64_t>(
            std::min<long double>(std::numeric_limits<T>::max(), 18446744073709551615.0L));
        return edit(static_cast<T*>(memory), static_cast<T>(std::min(value, most)));
    });
    if (changed) patch.rect = rect;
    return patch;
}

double distanceToSegment(const std::array<double, 2>& a, const std::array<double, 2>& b, double x,
                         double y) {
    const double dx = b[0] - a[0], dy = b[1] - a[1], squared = dx * dx + dy * dy;
    const double share =
        squared > 0 ? std::clamp(((x - a[0]) * dx + (y - a[1]) * dy) / squared, 0.0, 1.0) : 0;
    return std::hypot(x - a[0] - share * dx, y - a[1] - share * dy);
}

}  // namespace

StackPtr makeBlankStack(StackInfo info) {
    void* memory = nullptr;
    const Plane blank = Plane::allocate(info.type, info.shape.x, info.shape.y, &memory);
    std::vector<Plane> planes(static_cast<std::size_t>(info.shape.planes()), blank);
    return makeMemoryStack(std::move(info), std::move(planes));
}

StackPtr patched(const StackPtr& stack, const Patch& patch, bool undone) {
    if (patch.empty()) return stack;
    const auto* edited = dynamic_cast<const EditedSource*>(&stack->source());
    auto planes = edited ? edited->planes() : std::map<PlaneKey, Plane>();
    const StackPtr base = edited ? edited->base() : stack;
    const Plane now = stack->read(patch.plane, 0, stack->bounds());
    void* memory = nullptr;
    Plane next = copyOf(now, &memory);
    const Plane& pixels = undone ? patch.before : patch.after;
    const std::size_t bytes = bytesPerPixel(now.type());
    const auto row = static_cast<std::size_t>(patch.rect.width) * bytes;
    for (std::int64_t y = 0; y < patch.rect.height; ++y) {
        const auto to =
            static_cast<std::size_t>((patch.rect.y + y) * now.width() + patch.rect.x) * bytes;
        std::memcpy(
            static_cast<std::byte*>(memory) + to,
            static_cast<const std::byte*>(pixels.data()) + static_cast<std::size_t>(y) * row, row);
    }
    planes[{patch.plane.t, patch.plane.c, patch.plane.z}] = next;
    StackInfo info = stack->info();
    info.levels = {{info.shape.y, info.shape.x}};
    if (!edited && info.reader != "memory") info.reader = "edited";
    return std::make_shared<const Stack>(std::move(info),
                                         std::make_unique<EditedSource>(base, std::move(planes)));
}

Patch strokePatch(const Stack& stack, const PlaneIndex& plane,
                  const std::vector<std::array<double, 2>>& path, double radius,
                  std::uint64_t value) {
    if (path.empty()) return {};
    double left = 1e18, top = 1e18, right = -1e18, bottom = -1e18;
    for (const auto& [x, y] : path) {
        left = std::min(left, x), right = std::max(right, x);
        top = std::min(top, y), bottom = std::max(bottom, y);
    }
    const auto x = static_cast<std::int64_t>(std::floor(left - radius));
    const auto y = static_cast<std::int64_t>(std::floor(top - radius));
    const Rect rect = Rect{x, y, static_cast<std::int64_t>(std::ceil(right + radius)) + 1 - x,
                           static_cast<std::int64_t>(std::ceil(bottom + radius)) + 1 - y}
                          .intersected(stack.bounds());
    return makePatch(stack, plane, rect, value, [&](auto* pixels, auto label) {
        bool changed = false;
        for (std::size_t i = 0; i + 1 < std::max<std::size_t>(path.size(), 2); ++i) {
            const auto &a = path[i], &b = path[std::min(i + 1, path.size() - 1)];
            // Only around this piece of the path.
            const auto from = [](double v, std::int64_t low) {
                return std::max(static_cast<std::int64_t>(std::floor(v)), low);
            };
            const auto to = [](double v, std::int64_t high) {
                return std::min(static_cast<std::int64_t>(std::ceil(v)), high);
            };
            const auto y0 = from(std::min(a[1], b[1]) - radius, rect.y);
            const auto y1 = to(std::max(a[1], b[1]) + radius, rect.y + rect.height - 1);
            const auto x0 = from(std::min(a[0], b[0]) - radius, rect.x);
            const auto x1 = to(std::max(a[0], b[0]) + radius, rect.x + rect.width - 1);
            for (auto py = y0; py <= y1; ++py) {
                for (auto px = x0; px <= x1; ++px) {
                    auto& pixel = pixels[(py - rect.y) * rect.width + px - rect.x];
                    if (pixel == label || distanceToSegment(a, b, static_cast<double>(px),
                                                            static_cast<double>(py)) > radius)
                        continue;
                    pixel = label;
                    changed = true;
                }
            }
        }
        return changed;
    });
}

Patch fillPatch(const Stack& stack, const PlaneIndex& plane, std::int64_t x, std::int64_t y,
                std::uint64_t value) {
    const Rect all = stack.bounds();
    if (!all.contains({x, y, 1, 1})) return {};
    std::int64_t left = x, right = x, top = y, bottom = y;
    Patch whole = makePatch(stack, plane, all, value, [&](auto* pixels, auto label) {
        const auto old = pixels[y * all.width + x];
        if (old == label) return false;
        // Run by run along the rows.
        std::vector<std::pair<std::int64_t, std::int64_t>> open{{x, y}};
        while (!open.empty()) {
            const auto [sx, sy] = open.back();
            open.pop_back();
            auto* row = pixels + sy * all.width;
            if (row[sx] != old) continue;
            auto first = sx, last = sx;
            while (first > 0 && row[first - 1] == old)
                --first;
            while (last + 1 < all.width && row[last + 1] == old)
                ++last;
            std::fill(row + first, row + last + 1, label);
            left = std::min(left, first), right = std::max(right, last);
            top = std::min(top, sy), bottom = std::max(bottom, sy);
            for (const auto next : {sy - 1, sy + 1}) {
                if (next < 0 || next >= all.height) continue;
                const auto* beside = pixels + next * all.width;
                for (auto i = first; i <= last; ++i)
                    if (beside[i] == old && (i == first || beside[i - 1] != old))
                        open.emplace_back(i, next);
            }
        }
        return true;
    });
    if (whole.empty()) return whole;
    const Rect rect{left, top, right - left + 1, bottom - top + 1};
    return {plane, rect, whole.before.cropped(rect), whole.after.cropped(rect)};
}

}  // namespace posteria::image
