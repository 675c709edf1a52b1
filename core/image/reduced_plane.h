// Coarse pictures of large planes: means over blocks of 2 x 2, 4 x 4, … pixels, as the levels of a
// pyramid have them. Read in bands of rows, so that memory follows the result. The pixels' type is
// kept, whole numbers are rounded. The ReadWatch of the thread is told the rows. Any thread.
#pragma once

#include "core/image/stack.h"

namespace posteria::image {

// Mean of two by two pixels; the last row and column of an odd size stand alone.
Plane halved(const Plane& from);

// Means over blocks of stride x stride pixels, a power of two; the sides of the result are rounded
// up.
Plane readReduced(const Stack& stack, const PlaneIndex& plane, int level, const Rect& rect,
                  int stride);
// A pixel near the middle of every block instead: of files that keep rows apart and uncompressed,
// only those rows are read.
Plane readSampled(const Stack& stack, const PlaneIndex& plane, int level, const Rect& rect,
                  int stride);

}  // namespace posteria::image
