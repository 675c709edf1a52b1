#include "core/io/row_spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <type_traits>

#include "core/base/error.h"
#include "core/io/write_error.h"

namespace posteria::io {

using image::Plane;
using image::Rect;

Plane halved(const Plane& from) {
    void* memory = nullptr;
    const auto width = (from.width() + 1) / 2, height = (from.height() + 1) / 2;
    Plane to = Plane::allocate(from.type(), width, height, &memory);
    image::visit(from, [&](const auto* p) {
        using T = std::decay_t<decltype(*p)>;
        using Sum = std::conditional_t<
            std::is_floating_point_v<T>, double,
            std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>;
        auto* out = static_cast<T*>(memory);
        for (std::int64_t y = 0; y < height; ++y) {
            const T* upper = p + 2 * y * from.width();
            const T* lower = 2 * y + 1 < from.height() ? upper + from.width() : upper;
            for (std::int64_t x = 0; x < width; ++x) {
                const auto left = 2 * x, right = std::min(left + 1, from.width() - 1);
                const Sum sum = static_cast<Sum>(upper[left]) + static_cast<Sum>(upper[right]) +
                                static_cast<Sum>(lower[left]) + static_cast<Sum>(lower[right]);
                if constexpr (std::is_floating_point_v<T>) {
                    *out++ = static_cast<T>(sum / 4);
                } else {
                    *out++ = static_cast<T>((sum + (sum < 0 ? -2 : 2)) / 4);
                }
            }
        }
    });
    return to;
}

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
