#include "core/io/tiff_file.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/io/tiff_scan.h"

namespace posteria::io {

using image::Plane;
using image::Rect;

namespace {

constexpr std::uint64_t kFreeAllocation = 64ull << 20;
constexpr std::uint64_t kRecentBytes = 48ull << 20;
constexpr std::size_t kIdleHandles = 4;

// What a damaged file may make us allocate at once.
std::uint64_t allocationLimit(std::uint64_t fileSize) {
    return kFreeAllocation + 8 * fileSize;
}

// The most that `bytes` stored bytes can unpack to.
std::uint64_t unpackedLimit(int compression, std::uint64_t bytes) {
    const bool strong = codecName(compression) != "none" && codecName(compression) != "packbits";
    return bytes * (strong ? 1100 : 128);
}

void swapBytes(std::uint8_t* data, std::uint64_t bytes, int width) {
    for (std::uint64_t i = 0; i + width <= bytes; i += width)
        std::reverse(data + i, data + i + width);
}

}  // namespace

// A handle borrowed from the pool.
class TiffFile::Lease {
  public:
    explicit Lease(const TiffFile& file) : m_file(file) {
        {
            const std::lock_guard lock(file.m_mutex);
            if (!file.m_idle.empty()) {
                m_handle = std::move(file.m_idle.back());
                file.m_idle.pop_back();
            }
        }
        if (!m_handle)
            m_handle = std::make_unique<TiffHandle>(file.m_path, file.m_bytes,
                                                    allocationLimit(file.m_size));
    }
    ~Lease() {
        const std::lock_guard lock(m_file.m_mutex);
        if (m_file.m_idle.size() < kIdleHandles) m_file.m_idle.push_back(std::move(m_handle));
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    TiffHandle& operator*() const { return *m_handle; }
    TiffHandle* operator->() const { return m_handle.get(); }

  private:
    const TiffFile& m_file;
    std::unique_ptr<TiffHandle> m_handle;
};

TiffFile::TiffFile(const std::string& path) : TiffFile(path, std::make_shared<FileBytes>(path)) {}

TiffFile::TiffFile(const std::string& path, std::shared_ptr<const ByteSource> bytes)
    : m_path(path), m_bytes(std::move(bytes)), m_size(m_bytes->identity().size) {
    Lease handle(*this);
    m_firstTags = handle->tags();
    TiffScan scan(*m_bytes);
    while (scan.next(path)) {
        if (const auto end = scan.endIfLikeTheLast(); end && *end <= m_size) {
            m_pages.push_back(m_pages.back());
            m_pages.back().offset = scan.offset();
            continue;
        }
        handle->select(scan.offset());
        checkComplete(*handle, m_pages.empty());
        m_pages.push_back(handle->layout());
    }
}

void TiffFile::failTruncated() const {
    throw Error(ErrorKind::Input, "The file is cut short: some of its pixels are missing.", m_path,
                "Copy it again from its source.");
}

void TiffFile::checkComplete(TiffHandle& handle, bool everyChunk) const {
    const auto& page = handle.layout();
    const auto last =
        page.chunksAcross() * page.chunksDown() * (page.planar ? page.samples : 1) - 1;
    constexpr std::int64_t kMost = 65536;  // enough to notice; a table of millions is not walked
    for (std::int64_t i = everyChunk ? std::max<std::int64_t>(0, last - kMost) : last; i <= last;
         ++i) {
        const auto extent = handle.chunkExtent(i);
        if (extent.offset > m_size || extent.bytes > m_size - extent.offset) failTruncated();
    }
}

PageLayout TiffFile::layoutAt(std::uint64_t ifdOffset) const {
    return Lease(*this)->select(ifdOffset);
}

std::uint64_t TiffFile::contiguousStart(const PageLayout& page) const {
    if (page.compression != COMPRESSION_NONE || page.tiled || page.bits % 8 != 0) return 0;
    Lease handle(*this);
    handle->select(page.offset);
    const auto strips = page.chunksDown() * (page.planar ? page.samples : 1);
    const auto first = handle->chunkExtent(0).offset;
    auto expected = first;
    for (std::int64_t i = 0; i < strips; ++i) {
        const auto extent = handle->chunkExtent(i);
        if (extent.offset != expected) return 0;
        expected += extent.bytes;
    }
    return first;
}

TiffFile::Chunk TiffFile::chunk(TiffHandle& handle, std::int64_t index) const {
    const PageLayout& page = handle.layout();
    const Key key{page.offset, index};
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_recentByKey.find(key);
        if (found != m_recentByKey.end()) {
            m_recent.splice(m_recent.begin(), m_recent, found->second);
            return m_recent.front().second;
        }
    }
    const auto row = index % (page.chunksAcross() * page.chunksDown()) / page.chunksAcross();
    const auto rows = page.tiled ? page.chunkHeight
                                 : std::min(page.chunkHeight, page.height - row * page.chunkHeight);
    const auto bytes = page.chunkRowBytes() * static_cast<std::uint64_t>(rows);
    const auto extent = handle.chunkExtent(index);
    if (extent.offset > m_size || extent.bytes > m_size - extent.offset) failTruncated();
    const auto limit = allocationLimit(m_size);
    const bool tooMuch = bytes > limit && bytes > unpackedLimit(page.compression, extent.bytes);
    // Tiles that were never written are fine, but not as the better part of a huge image.
    const bool hollow = extent.bytes == 0 && page.planeBytes() > limit;
    if (tooMuch || hollow) {
        throw Error(ErrorKind::Input,
                    "The file is damaged: it announces far more pixels than it holds.", m_path,
                    "Copy it again from its source.");
    }
    auto data = std::make_shared<std::vector<std::uint8_t>>(bytes);
    // A strip or tile that was never written reads as zeros.
    if (extent.bytes > 0) handle.readChunk(index, data->data(), bytes);
    // Uncompressed pixels of one sample are cheap to fetch again: the system keeps the file's
    // pages.
    if (page.compression == COMPRESSION_NONE && page.samplesInChunk() == 1) return data;
    const std::lock_guard lock(m_mutex);
    if (m_recentByKey.count(key)) return data;
    m_recent.emplace_front(key, data);
    m_recentByKey[key] = m_recent.begin();
    m_recentBytes += bytes;
    while (m_recentBytes > kRecentBytes && m_recent.size() > 1) {
        m_recentBytes -= m_recent.back().second->size();
        m_recentByKey.erase(m_recent.back().first);
        m_recent.pop_back();
    }
    return data;
}

Plane TiffFile::read(std::uint64_t ifdOffset, const PageLayout& like, int sample,
                     const Rect& rect) const {
    try {
        Plane plane = decode(ifdOffset, like, sample, rect);
        m_bytes->checkUnchanged();
        return plane;
    } catch (const Error&) {
        m_bytes->checkUnchanged();  // the better reason, where it is one
        throw;
    }
}

Plane TiffFile::decode(std::uint64_t ifdOffset, const PageLayout& like, int sample,
                       const Rect& rect) const {
    Lease handle(*this);
    const PageLayout& page = handle->select(ifdOffset);
    const auto type = pixelTypeOf(page);
    if (page.width != like.width || page.height != like.height || !type ||
        type != pixelTypeOf(like) || sample >= page.samples || !unsupportedReason(page).empty()) {
        throw Error(ErrorKind::Input, "The pages of the file differ in size or type.", m_path,
                    "Save the pages with one size and one pixel type.");
    }
    void* memory = nullptr;
    Plane plane = Plane::allocate(*type, rect.width, rect.height, &memory);
    const auto pixel = static_cast<std::int64_t>(image::bytesPerPixel(*type));
    const auto rowBytes = page.chunkRowBytes();
    const auto storedPixel = static_cast<std::uint64_t>(page.bits) / 8 * page.samplesInChunk();
    const int inChunk = page.planar ? 0 : sample;
    const auto firstChunk = page.planar ? sample * page.chunksAcross() * page.chunksDown() : 0;
    for (auto cy = rect.y / page.chunkHeight; cy * page.chunkHeight < rect.y + rect.height; ++cy) {
        for (auto cx = rect.x / page.chunkWidth; cx * page.chunkWidth < rect.x + rect.width; ++cx) {
            const Rect cell{cx * page.chunkWidth, cy * page.chunkHeight, page.chunkWidth,
                            page.chunkHeight};
            const Rect part = cell.intersected(rect);
            const auto index = firstChunk + cy * page.chunksAcross() + cx;
            auto* out = static_cast<std::byte*>(memory) +
                        ((part.y - rect.y) * rect.width + part.x - rect.x) * pixel;
            if (page.isPlain()) {
                const auto extent = handle->chunkExtent(index);
                if (isStoredWhole(page, cy, extent)) {
                    copyRows(extent.offset + (part.y - cell.y) * rowBytes +
                                 (part.x - cell.x) * storedPixel,
                             rowBytes, page, inChunk, part.width, part.height, out,
                             rect.width * pixel);
                    continue;
                }
            }
            const Chunk data = chunk(*handle, index);
            for (auto y = part.y; y < part.y + part.height; ++y) {
                unpackRow(page, data->data() + (y - cell.y) * rowBytes, part.x - cell.x, part.width,
                          inChunk, out + (y - part.y) * rect.width * pixel);
            }
        }
    }
    return plane;
}

bool TiffFile::isStoredWhole(const PageLayout& page, std::int64_t chunkRow,
                             const TiffHandle::Extent& extent) const {
    const auto rows = page.tiled
                          ? page.chunkHeight
                          : std::min(page.chunkHeight, page.height - chunkRow * page.chunkHeight);
    return extent.bytes >= page.chunkRowBytes() * static_cast<std::uint64_t>(rows) &&
           extent.offset <= m_size && extent.bytes <= m_size - extent.offset;
}

void TiffFile::copyRows(std::uint64_t offset, std::uint64_t stride, const PageLayout& page,
                        int sample, std::int64_t columns, std::int64_t rows, std::byte* out,
                        std::int64_t outStride) const {
    constexpr std::uint64_t kAtOnce = 1 << 20;
    const auto run = static_cast<std::uint64_t>(columns) * page.samplesInChunk() * page.bits / 8;
    const auto fetch = [&](std::uint64_t from, std::uint8_t* to, std::uint64_t bytes) {
        if (m_bytes->read(from, to, bytes) != bytes) {
            m_bytes->checkUnchanged();
            failTruncated();
        }
        if (!page.littleEndian && page.bits > 8) swapBytes(to, bytes, page.bits / 8);
    };
    const auto pixel = image::bytesPerPixel(pixelTypeOf(page).value());
    const bool asStored = page.samplesInChunk() == 1 && page.bits == static_cast<int>(pixel) * 8;
    // Rows that follow one another are fetched together, straight to where they belong if possible.
    const bool dense = stride == run;
    if (asStored && dense && outStride == static_cast<std::int64_t>(run)) {
        fetch(offset, reinterpret_cast<std::uint8_t*>(out), run * rows);
        return;
    }
    const auto together =
        dense ? std::clamp<std::int64_t>(static_cast<std::int64_t>(kAtOnce / run), 1, rows) : 1;
    std::vector<std::uint8_t> buffer(run * together);
    for (std::int64_t y = 0; y < rows; y += together) {
        const auto count = std::min(together, rows - y);
        fetch(offset + y * stride, buffer.data(), run * count);
        for (std::int64_t i = 0; i < count; ++i)
            unpackRow(page, buffer.data() + i * run, 0, columns, sample, out + (y + i) * outStride);
    }
}

Plane TiffFile::readRaw(std::uint64_t start, const PageLayout& like, int sample,
                        const Rect& rect) const {
    const auto type = pixelTypeOf(like).value();
    void* memory = nullptr;
    Plane plane = Plane::allocate(type, rect.width, rect.height, &memory);
    const auto stored = static_cast<std::uint64_t>(like.bits) / 8 * like.samplesInChunk();
    if (like.planar) start += sample * like.planeBytes();
    start += (static_cast<std::uint64_t>(rect.y) * like.width + rect.x) * stored;
    copyRows(start, like.width * stored, like, like.planar ? 0 : sample, rect.width, rect.height,
             static_cast<std::byte*>(memory),
             rect.width * static_cast<std::int64_t>(image::bytesPerPixel(type)));
    m_bytes->checkUnchanged();
    return plane;
}

}  // namespace posteria::io
