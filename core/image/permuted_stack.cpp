#include "core/image/permuted_stack.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <utility>

#include "core/image/read_watch.h"

namespace posteria::image {

namespace {

constexpr std::int64_t kBlockBytes = 64ll << 20;
constexpr std::size_t kBlocksKept = 2;

// Bytes of one pixel to and fro; from and to are in pixels.
void copyPixel(std::byte* to, std::int64_t toIndex, const std::byte* from, std::int64_t fromIndex,
               std::size_t bytes) {
    std::memcpy(to + static_cast<std::size_t>(toIndex) * bytes,
                from + static_cast<std::size_t>(fromIndex) * bytes, bytes);
}

Plane transposedPlane(const Plane& plane) {
    void* memory = nullptr;
    Plane result = Plane::allocate(plane.type(), plane.height(), plane.width(), &memory);
    auto* to = static_cast<std::byte*>(memory);
    const auto* from = static_cast<const std::byte*>(plane.data());
    const std::size_t bytes = bytesPerPixel(plane.type());
    for (std::int64_t y = 0; y < plane.height(); ++y)
        for (std::int64_t x = 0; x < plane.width(); ++x)
            copyPixel(to, x * plane.height() + y, from, y * plane.width() + x, bytes);
    return result;
}

// XY planes with rows and columns exchanged.
class TransposedSource : public PlaneSource {
  public:
    explicit TransposedSource(StackPtr stack) : m_stack(std::move(stack)) {}

    Plane read(const PlaneIndex& plane, int level, const Rect& rect) const override {
        return transposedPlane(
            m_stack->read(plane, level, {rect.y, rect.x, rect.height, rect.width}));
    }

  private:
    StackPtr m_stack;
};

// Planes across those of the stack: rows (or columns) of every z.
class CrossSource : public PlaneSource {
  public:
    CrossSource(StackPtr stack, const AxisOrder& order)
        : m_stack(std::move(stack)),
          m_alongY(order[0] == Axis::Y),
          m_zAlongRows(order[2] == Axis::Z) {
        const auto& shape = m_stack->shape();
        const auto across = m_alongY ? shape.x : shape.y;  // of one row or column
        const auto bytes =
            across * shape.z * static_cast<std::int64_t>(bytesPerPixel(m_stack->info().type));
        m_atOnce = std::clamp<std::int64_t>(kBlockBytes / std::max<std::int64_t>(bytes, 1), 1, 64);
    }

    Plane read(const PlaneIndex& plane, int, const Rect& rect) const override {
        const std::lock_guard<std::mutex> lock(m_mutex);
        const Block& block = blockOf(plane.t, plane.c, plane.z / m_atOnce);
        const auto line = plane.z - block.number * m_atOnce;
        const std::size_t bytes = bytesPerPixel(m_stack->info().type);
        void* memory = nullptr;
        Plane result = Plane::allocate(m_stack->info().type, rect.width, rect.height, &memory);
        auto* to = static_cast<std::byte*>(memory);
        for (std::int64_t y = 0; y < rect.height; ++y) {
            for (std::int64_t x = 0; x < rect.width; ++x) {
                const auto z = m_zAlongRows ? rect.x + x : rect.y + y;
                const auto along = m_zAlongRows ? rect.y + y : rect.x + x;
                const Plane& piece = block.pieces[static_cast<std::size_t>(z)];
                const auto from =
                    m_alongY ? line * piece.width() + along : along * piece.width() + line;
                copyPixel(to, y * rect.width + x, static_cast<const std::byte*>(piece.data()), from,
                          bytes);
            }
        }
        return result;
    }

  private:
    // Some neighbouring rows (or columns) of every z.
    struct Block {
        std::int64_t t = 0, c = 0, number = 0;
        std::vector<Plane> pieces;
    };

    const Block& blockOf(std::int64_t t, std::int64_t c, std::int64_t number) const {
        const auto found = std::find_if(m_blocks.begin(), m_blocks.end(), [&](const Block& block) {
            return block.t == t && block.c == c && block.number == number;
        });
        if (found != m_blocks.end()) {
            std::rotate(m_blocks.begin(), found, found + 1);
        } else {
            if (m_blocks.size() == kBlocksKept) m_blocks.pop_back();
            m_blocks.insert(m_blocks.begin(), Block{t, c, number, {}});
        }
        const auto& shape = m_stack->shape();
        const auto first = number * m_atOnce;
        const auto count = std::min(m_atOnce, (m_alongY ? shape.y : shape.x) - first);
        const Rect rect =
            m_alongY ? Rect{0, first, shape.x, count} : Rect{first, 0, count, shape.y};
        auto& pieces = m_blocks.front().pieces;
        for (auto z = static_cast<std::int64_t>(pieces.size()); z < shape.z; ++z) {
            ReadWatch::step(z, shape.z);
            pieces.push_back(m_stack->read({t, c, z}, 0, rect));
        }
        return m_blocks.front();
    }

    StackPtr m_stack;
    bool m_alongY, m_zAlongRows;
    std::int64_t m_atOnce = 1;
    mutable std::mutex m_mutex;
    mutable std::vector<Block> m_blocks;  // used last first
};

double stepAlong(const VoxelSize& voxel, Axis axis) {
    return axis == Axis::Z ? voxel.z : axis == Axis::Y ? voxel.y : voxel.x;
}

}  // namespace

AxisOrder rolled(const AxisOrder& order) {
    return {order[2], order[0], order[1]};
}

AxisOrder transposed(const AxisOrder& order) {
    return {order[0], order[2], order[1]};
}

std::int64_t lengthAlong(const Shape& shape, Axis axis) {
    return axis == Axis::Z ? shape.z : axis == Axis::Y ? shape.y : shape.x;
}

StackPtr makePermuted(const StackPtr& stack, const AxisOrder& order) {
    if (!stack || order == kStraight) return stack;
    StackInfo info = stack->info();
    info.reader = "permuted";
    info.shape.z = lengthAlong(stack->shape(), order[0]);
    info.shape.y = lengthAlong(stack->shape(), order[1]);
    info.shape.x = lengthAlong(stack->shape(), order[2]);
    if (const auto voxel = info.voxelSize)
        info.voxelSize = VoxelSize{stepAlong(*voxel, order[2]), stepAlong(*voxel, order[1]),
                                   stepAlong(*voxel, order[0])};
    std::unique_ptr<const PlaneSource> source;
    if (order[0] == Axis::Z) {
        for (auto& level : info.levels)
            std::swap(level.width, level.height);
        source = std::make_unique<TransposedSource>(stack);
    } else {
        info.levels = {{info.shape.y, info.shape.x}};
        source = std::make_unique<CrossSource>(stack, order);
    }
    return std::make_shared<const Stack>(std::move(info), std::move(source));
}

}  // namespace posteria::image
