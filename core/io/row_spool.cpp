#include "core/io/row_spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "core/base/error.h"
#include "core/io/write_error.h"

namespace posteria::io {

using image::Plane;
using image::Rect;

RowSpool::RowSpool(const std::string& beside, image::PixelType type, image::LevelSize size)
    : m_pending(beside),
      m_type(type),
      m_size(size),
      m_file(::open(m_pending.path().c_str(), O_RDWR | O_TRUNC | O_CLOEXEC)) {
    if (m_file < 0) throw writeError(beside, {}, errno);
}

RowSpool::~RowSpool() {
    ::close(m_file);
}

void RowSpool::append(const Plane& rows) {
    const auto* data = static_cast<const char*>(rows.data());
    auto left = static_cast<std::size_t>(rows.size()) * image::bytesPerPixel(m_type);
    while (left > 0) {
        const auto written = ::write(m_file, data, left);
        if (written < 0) throw writeError(m_pending.path(), {}, errno);
        data += written;
        left -= static_cast<std::size_t>(written);
    }
}

Plane RowSpool::read(const Rect& rect) const {
    void* memory = nullptr;
    Plane plane = Plane::allocate(m_type, rect.width, rect.height, &memory);
    const auto bytes =
        static_cast<std::size_t>(rect.width * rect.height) * image::bytesPerPixel(m_type);
    const auto offset = static_cast<off_t>(rect.y * m_size.width) *
                        static_cast<off_t>(image::bytesPerPixel(m_type));
    if (::pread(m_file, memory, bytes, offset) != static_cast<ssize_t>(bytes)) {
        throw Error(ErrorKind::Failed, "A temporary file cannot be read back.", m_pending.path());
    }
    return plane;
}

}  // namespace posteria::io
