// Thick slices: the lazy stack whose plane at z is made of several neighbouring planes of another
// one. Same shape, levels and voxel size; axes T C Z Y X. Planes are read one after the other when
// asked for, so memory follows one plane whatever the thickness; a read that is no longer wanted
// stops at the next (ReadWatch). May be read from any thread.
#pragma once

#include <cstdint>

#include "core/image/stack.h"

namespace posteria::image {

enum class Projection { Mean, Maximum, Minimum, Sum };

// Several neighbouring planes seen as one.
struct Slab {
    int thickness = 1;  // planes; 1: the plane alone
    Projection projection = Projection::Mean;

    bool operator==(const Slab& o) const {
        return thickness == o.thickness && projection == o.projection;
    }
};

// The planes from z - (thickness - 1) / 2 to z + thickness / 2, as far as the stack has them. Means
// and sums are float32 (float64 where the pixels are of more than four bytes), the largest and the
// smallest keep the pixels' type. NaN counts for nothing; where all are NaN, so is the result.
// The stack itself for a thickness of 1 and below.
StackPtr makeSlab(const StackPtr& stack, const Slab& slab);

}  // namespace posteria::image
