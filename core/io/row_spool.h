// For pyramids: the rows of a smaller level, kept on disk while the larger one is written. Private
// to core/io.
#pragma once

#include <string>

#include "core/base/file.h"
#include "core/image/plane.h"

namespace posteria::io {

// Throws Error{Failed} when the disk is full.
class RowSpool {
  public:
    // The temporary file lies beside this one.
    RowSpool(const std::string& beside, image::PixelType type, image::LevelSize size);
    ~RowSpool();
    RowSpool(const RowSpool&) = delete;
    RowSpool& operator=(const RowSpool&) = delete;

    void append(const image::Plane& rows);
    image::Plane read(const image::Rect& rect) const;  // whole rows only

  private:
    PendingFile m_pending;
    image::PixelType m_type;
    image::LevelSize m_size;
    int m_file;
};

}  // namespace posteria::io
