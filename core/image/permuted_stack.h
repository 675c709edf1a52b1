// A stack turned so that other axes lie in its planes: XZ or YZ planes instead of XY, or rows and
// columns exchanged. Lazy; axes of the result are T C Z Y X like any stack's, its voxel size and
// its levels are turned with it. May be read from any thread.
#pragma once

#include <array>

#include "core/image/stack.h"

namespace posteria::image {

enum class Axis { Z, Y, X };

// Which of a stack's axes is stepped through, runs down the planes and runs along their rows.
using AxisOrder = std::array<Axis, 3>;
inline constexpr AxisOrder kStraight{Axis::Z, Axis::Y, Axis::X};

// The axes moved on by one: the one stepped through comes to lie in the planes.
AxisOrder rolled(const AxisOrder& order);
// Rows and columns exchanged.
AxisOrder transposed(const AxisOrder& order);
std::int64_t lengthAlong(const Shape& shape, Axis axis);  // pixels

// While the planes remain XY planes all pyramid levels remain; turned ones have the full size only.
// Such planes cross every plane of the stack, so that a block of neighbours is read and kept at
// once: some hundred megabytes at most. Such a read tells the ReadWatch of its thread every plane
// and goes on where it was cancelled when it is asked for again. The stack itself for kStraight.
StackPtr makePermuted(const StackPtr& stack, const AxisOrder& order);

}  // namespace posteria::image
