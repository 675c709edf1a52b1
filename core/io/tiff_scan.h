// Walks the list of pages (IFDs) of a TIFF by itself, because libtiff sets up hundreds of tags for
// each, which a recording of a hundred thousand frames would wait for. Pages that differ from the
// one before only in where their pixels lie are recognised from their bytes; all others are left to
// libtiff. Private to core/io.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/io/byte_source.h"
#include "core/io/tiff_layout.h"

namespace posteria::io {

class TiffScan {
  public:
    explicit TiffScan(const ByteSource& bytes);

    // Steps to the next page, at first to the first one; false at the end of the list. Throws
    // Error{Input}, with `path` in the message, where the list breaks off or runs in a circle.
    bool next(const std::string& path);
    std::uint64_t offset() const { return m_offset; }
    // Whether this page is laid out as the one before, and how far its last strip or tile reaches.
    // Empty: nothing is known without libtiff.
    std::optional<std::uint64_t> endIfLikeTheLast() const;

  private:
    struct Entry {
        std::uint16_t tag = 0, type = 0;
        std::uint64_t count = 0;
        std::uint64_t value = 0;  // as far as it lies in the entry, else where it lies
    };
    std::uint64_t number(std::uint64_t offset, int width) const;
    std::uint64_t decoded(const std::uint8_t* from, int width) const;
    void readEntries();
    std::uint64_t lastValue(const Entry& entry) const;
    const std::uint8_t* block(std::uint64_t offset, std::size_t count) const;

    const ByteSource& m_bytes;
    bool m_little = true, m_big = false;  // byte order; BigTIFF
    std::uint64_t m_offset = 0, m_next = 0;
    std::vector<Entry> m_entries, m_last;
    std::unordered_set<std::uint64_t> m_seen;
    mutable std::uint64_t m_blockStart = 0;
    mutable std::vector<std::uint8_t> m_block;
};

}  // namespace posteria::io
