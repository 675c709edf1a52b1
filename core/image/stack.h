// A lazy five-dimensional image, axes T C Z Y X. A Stack knows its description at once and fetches
// pixels only when asked. It is immutable and shared as shared_ptr<const Stack>; read() may be
// called from any thread, and throws Error{Input} when the file turns out to be damaged.
#pragma once

#include <memory>
#include <vector>

#include "core/image/plane.h"
#include "core/image/types.h"

namespace posteria::image {

// Where the pixels come from: a file reader's, or memory. Calls come from several threads at once.
class PlaneSource {
  public:
    virtual ~PlaneSource() = default;
    // rect lies inside the level and is not empty.
    virtual Plane read(const PlaneIndex& plane, int level, const Rect& rect) const = 0;
};

class Stack {
  public:
    Stack(StackInfo info, std::unique_ptr<const PlaneSource> source);

    const StackInfo& info() const { return m_info; }
    const Shape& shape() const { return m_info.shape; }
    // The part of rect (in pixels of that level) inside the image; throws Error{Usage} for a plane
    // or level that does not exist.
    Plane read(const PlaneIndex& plane, int level, const Rect& rect) const;
    Plane readPlane(const PlaneIndex& plane, int level = 0) const;
    Rect bounds(int level = 0) const;
    const PlaneSource& source() const { return *m_source; }

  private:
    StackInfo m_info;
    std::unique_ptr<const PlaneSource> m_source;
};

using StackPtr = std::shared_ptr<const Stack>;

// A stack of planes already in memory, in T, C, Z order (slowest first), all of info.type and size.
// The description's reader, levels and missing channels are filled in.
StackPtr makeMemoryStack(StackInfo info, std::vector<Plane> planes);

// All planes of a stack, in T, C, Z order.
std::vector<Plane> readPlanes(const Stack& stack);

}  // namespace posteria::image
