// A stack some of whose planes have been drawn on: those live in memory, the others stay where they
// are. An edit makes a new stack that shares every other plane with the one before, so that stacks
// remain immutable. For images of whole numbers without a pyramid of their own: labels.
#pragma once

#include <vector>

#include "core/image/stack.h"

namespace posteria::image {

// Pixels of one rectangle of one plane, before and after.
struct Patch {
    PlaneIndex plane;
    Rect rect;
    Plane before, after;  // of the rectangle's size and the stack's type

    bool empty() const { return rect.empty(); }
};

// A stack of zeros of that shape; its planes share one piece of memory until they are drawn on.
StackPtr makeBlankStack(StackInfo info);

// The stack with the patch's pixels (those before it with `undone`) in their place. Levels other
// than the full size are left out.
StackPtr patched(const StackPtr& stack, const Patch& patch, bool undone = false);

// Sets the pixels no farther than radius (pixels) from the path, given in pixels of the plane, to
// the value. Empty where nothing would change.
Patch strokePatch(const Stack& stack, const PlaneIndex& plane,
                  const std::vector<std::array<double, 2>>& path, double radius,
                  std::uint64_t value);
// Sets the pixel and all that hang together with it (sides touch) and have its value.
Patch fillPatch(const Stack& stack, const PlaneIndex& plane, std::int64_t x, std::int64_t y,
                std::uint64_t value);

}  // namespace posteria::image
