// Walks along the borders of the cells of a layout, as a membrane or a cortex follows them: where
// cells overlap, the earlier one lies on top, so that every point of the field belongs to one cell
// and every border is passed once. Micrometres.
#pragma once

#include <functional>

#include "core/simulation/cell_layout.h"

namespace posteria::simulation {

struct OutlinePoint {
    Point p;
    Point outward;      // unit vector, away from the cell
    double stepUm = 0;  // of border that this point stands for
    std::size_t cell = 0;
    bool contact = false;  // another cell lies on the outside
};

// Calls visit for points about stepUm apart that lie within halfWidth and halfHeight of the middle.
void walkOutlines(const CellLayout& layout, double halfWidth, double halfHeight, double stepUm,
                  const std::function<void(const OutlinePoint&)>& visit);

}  // namespace posteria::simulation
