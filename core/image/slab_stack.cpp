#include "core/image/slab_stack.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

#include "core/image/read_watch.h"

namespace posteria::image {

namespace {

constexpr std::int64_t kPixelsAtOnce = 1 << 20;  // that sums are kept of

template <class T>
bool isMissing(T value) {
    if constexpr (std::is_floating_point_v<T>)
        return std::isnan(value);
    else
        return false;
}

class SlabSource : public PlaneSource {
  public:
    SlabSource(StackPtr stack, const Slab& slab) : m_stack(std::move(stack)), m_slab(slab) {}

    Plane read(const PlaneIndex& plane, int level, const Rect& rect) const override {
        const auto first = std::max<std::int64_t>(plane.z - (m_slab.thickness - 1) / 2, 0);
        const auto last =
            std::min<std::int64_t>(plane.z + m_slab.thickness / 2, m_stack->shape().z - 1);
        const auto planeAt = [&](std::int64_t z) {
            ReadWatch::throwIfCancelled();
            return m_stack->read({plane.t, plane.c, z}, level, rect);
        };
        if (m_slab.projection == Projection::Maximum) return extreme<true>(first, last, planeAt);
        if (m_slab.projection == Projection::Minimum) return extreme<false>(first, last, planeAt);
        return bytesPerPixel(m_stack->info().type) > 4
                   ? total<double>(plane, first, last, level, rect)
                   : total<float>(plane, first, last, level, rect);
    }

  private:
    template <bool largest, class Read>
    static Plane extreme(std::int64_t first, std::int64_t last, const Read& planeAt) {
        const Plane start = planeAt(first);
        void* memory = nullptr;
        Plane result = Plane::allocate(start.type(), start.width(), start.height(), &memory);
        visit(start, [&](const auto* from) {
            using T = std::remove_const_t<std::remove_pointer_t<decltype(from)>>;
            auto* to = static_cast<T*>(memory);
            std::copy(from, from + start.size(), to);
            for (auto z = first + 1; z <= last; ++z) {
                const Plane next = planeAt(z);
                const T* p = next.as<T>();
                for (std::int64_t i = 0; i < next.size(); ++i) {
                    if (isMissing(p[i])) continue;
                    const bool takes = largest ? p[i] > to[i] : p[i] < to[i];
                    if (takes || isMissing(to[i])) to[i] = p[i];
                }
            }
        });
        return result;
    }

    template <class Real>
    Plane total(const PlaneIndex& plane, std::int64_t first, std::int64_t last, int level,
                const Rect& rect) const {
        void* memory = nullptr;
        Plane result =
            Plane::allocate(std::is_same_v<Real, float> ? PixelType::Float32 : PixelType::Float64,
                            rect.width, rect.height, &memory);
        auto* to = static_cast<Real*>(memory);
        const bool mean = m_slab.projection == Projection::Mean;
        const auto rows = std::max<std::int64_t>(kPixelsAtOnce / rect.width, 1);
        std::vector<double> sums;
        std::vector<int> counts;
        for (std::int64_t y = 0; y < rect.height; y += rows) {
            const Rect band{rect.x, rect.y + y, rect.width, std::min(rows, rect.height - y)};
            sums.assign(static_cast<std::size_t>(band.width * band.height), 0);
            counts.assign(sums.size(), 0);
            for (auto z = first; z <= last; ++z) {
                ReadWatch::throwIfCancelled();
                visit(m_stack->read({plane.t, plane.c, z}, level, band), [&](const auto* p) {
                    for (std::size_t i = 0; i < sums.size(); ++i) {
                        if (isMissing(p[i])) continue;
                        sums[i] += static_cast<double>(p[i]);
                        ++counts[i];
                    }
                });
            }
            for (std::size_t i = 0; i < sums.size(); ++i, ++to) {
                *to = counts[i] == 0 ? std::numeric_limits<Real>::quiet_NaN()
                                     : static_cast<Real>(mean ? sums[i] / counts[i] : sums[i]);
            }
        }
        return result;
    }

    StackPtr m_stack;
    Slab m_slab;
};

}  // namespace

StackPtr makeSlab(const StackPtr& stack, const Slab& slab) {
    if (!stack || slab.thickness <= 1 || stack->shape().z == 1) return stack;
    StackInfo info = stack->info();
    info.reader = "slab";
    if (slab.projection == Projection::Mean || slab.projection == Projection::Sum) {
        info.type = bytesPerPixel(info.type) > 4 ? PixelType::Float64 : PixelType::Float32;
    }
    return std::make_shared<const Stack>(std::move(info),
                                         std::make_unique<SlabSource>(stack, slab));
}

}  // namespace posteria::image
