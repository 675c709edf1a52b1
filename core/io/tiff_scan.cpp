#include "core/io/tiff_scan.h"

#include <algorithm>

#include "core/base/error.h"

namespace posteria::io {

namespace {

constexpr std::uint64_t kBlock = 64 << 10;
constexpr int kStripOffsets = 273, kStripBytes = 279, kTileOffsets = 324, kTileBytes = 325,
              kSubIfds = 330;

// The tags that TiffHandle makes a PageLayout of.
bool saysLayout(int tag) {
    static constexpr int kTags[] = {254, 255, 256, 257, 258, 259, 262, 266,
                                    277, 278, 284, 322, 323, 339, 530};
    return std::find(std::begin(kTags), std::end(kTags), tag) != std::end(kTags);
}

int widthOf(int type) {
    static constexpr int kWidths[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
    return type < static_cast<int>(std::size(kWidths)) ? kWidths[type] : 0;
}

}  // namespace

TiffScan::TiffScan(const ByteSource& bytes) : m_bytes(bytes) {
    m_little = number(0, 1) == 'I';
    m_big = number(2, 2) == 43;
    m_next = m_big ? number(8, 8) : number(4, 4);
}

// The bytes at an offset, from a block that is fetched at once; null beyond the end of the file.
const std::uint8_t* TiffScan::block(std::uint64_t offset, std::size_t count) const {
    if (offset < m_blockStart || offset + count > m_blockStart + m_block.size()) {
        m_blockStart = offset;
        m_block.resize(std::max<std::uint64_t>(kBlock, count));
        m_block.resize(m_bytes.read(offset, m_block.data(), m_block.size()));
        if (m_block.size() < count) return nullptr;
    }
    return m_block.data() + (offset - m_blockStart);
}

std::uint64_t TiffScan::decoded(const std::uint8_t* from, int width) const {
    std::uint64_t value = 0;
    for (int i = 0; i < width; ++i)
        value = value << 8 | from[m_little ? width - 1 - i : i];
    return value;
}

std::uint64_t TiffScan::number(std::uint64_t offset, int width) const {
    const auto* from = block(offset, static_cast<std::size_t>(width));
    return from ? decoded(from, width) : 0;
}

bool TiffScan::next(const std::string& path) {
    if (m_next == 0) return false;
    if (m_next >= m_bytes.identity().size || !m_seen.insert(m_next).second) {
        throw Error(ErrorKind::Input,
                    "The TIFF file is damaged or cut short: its list of pages breaks off.", path,
                    "Copy it again from its source, or save it anew.");
    }
    m_offset = m_next;
    std::swap(m_entries, m_last);
    readEntries();
    return true;
}

void TiffScan::readEntries() {
    m_entries.clear();
    m_next = 0;
    const int head = m_big ? 8 : 2, size = m_big ? 20 : 12, link = m_big ? 8 : 4;
    const auto count = number(m_offset, head);
    // More entries than there are tags: libtiff may judge it.
    constexpr std::uint64_t kMostEntries = 4096;
    if (count == 0 || count > kMostEntries) return;
    const auto bytes = static_cast<std::size_t>(count) * size + link;
    const auto* from = block(m_offset + head, bytes);
    if (!from) return;
    for (std::uint64_t i = 0; i < count; ++i, from += size) {
        Entry entry;
        entry.tag = static_cast<std::uint16_t>(decoded(from, 2));
        entry.type = static_cast<std::uint16_t>(decoded(from + 2, 2));
        entry.count = decoded(from + 4, link);
        entry.value = decoded(from + 4 + link, link);
        m_entries.push_back(entry);
    }
    m_next = decoded(from, link);
}

// The last number of an entry of one or many, in the entry itself or elsewhere.
std::uint64_t TiffScan::lastValue(const Entry& entry) const {
    const int width = widthOf(entry.type), room = m_big ? 8 : 4;
    if (width == 0 || entry.count == 0) return 0;
    if (entry.count * width > static_cast<std::uint64_t>(room)) {
        const auto at = entry.value + (entry.count - 1) * width;
        std::uint8_t raw[8] = {};
        const auto wanted = static_cast<std::size_t>(width);
        return m_bytes.read(at, raw, wanted) == wanted ? decoded(raw, width) : 0;
    }
    const int before = static_cast<int>(entry.count - 1) * width;
    const int shift = 8 * (m_little ? before : room - before - width);
    const auto value = entry.value >> shift;
    return width == 8 ? value : value & ((std::uint64_t(1) << 8 * width) - 1);
}

std::optional<std::uint64_t> TiffScan::endIfLikeTheLast() const {
    if (m_entries.empty() || m_entries.size() != m_last.size()) return {};
    const std::uint64_t room = m_big ? 8 : 4;
    std::uint64_t offset = 0, bytes = 0;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const auto &now = m_entries[i], &before = m_last[i];
        if (now.tag != before.tag || now.type != before.type || now.tag == kSubIfds) return {};
        const bool place = now.tag == kStripOffsets || now.tag == kTileOffsets,
                   length = now.tag == kStripBytes || now.tag == kTileBytes;
        if ((place || length) && now.count != before.count) return {};
        if (place) offset = lastValue(now);
        if (length) bytes = lastValue(now);
        if (!saysLayout(now.tag)) continue;
        const bool inside = now.count * static_cast<std::uint64_t>(widthOf(now.type)) <= room;
        if (!inside || now.count != before.count || now.value != before.value) return {};
    }
    if (offset == 0 || bytes == 0) return {};
    return offset + bytes;
}

}  // namespace posteria::io
