// Stacks of one size, pixel type and channels as one: along z where they are single slices, along t
// where each has slices of its own. Descriptions are added one by one; the stack that comes out is
// lazy and opens its parts when their pixels are asked for, the last few of them at a time, so that
// thousands of files are no burden. The stack may be read from any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "core/image/stack.h"

namespace posteria::image {

class Concatenation {
  public:
    // Opens part number i (as it was added) again; called from the threads that read.
    using Open = std::function<StackPtr(std::size_t)>;

    // Throws Error{Input} that names the part where it does not fit those before it.
    void add(const StackInfo& part);
    std::size_t size() const { return m_extents.size(); }
    // Of at least one part. What the first part says of voxels and channels holds for all.
    StackPtr finish(std::string name, Open open) const;

  private:
    StackInfo m_info;                     // of all that was added
    Shape m_part;                         // of the first
    std::vector<std::int64_t> m_extents;  // of each along the axis that grows
};

}  // namespace posteria::image
