// A TIFF file: the list of its pages, scanned once when it is opened, and rectangles of their
// pixels, decoded on demand. read() may be called from any thread: every call takes a libtiff
// handle of its own from a small pool. The last decoded strips and tiles are kept, because
// neighbouring rectangles and the samples of an RGB page share them. A file that is replaced by
// another of its name stays the one that was opened; one that is written to is refused from then
// on. Private to core/io.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/image/plane.h"
#include "core/io/byte_source.h"
#include "core/io/tiff_handle.h"

namespace posteria::io {

class TiffFile {
  public:
    // Throws Error{Input}.
    explicit TiffFile(const std::string& path);
    // The same with the file's bytes from elsewhere; the path is for messages.
    TiffFile(const std::string& path, std::shared_ptr<const ByteSource> bytes);

    const std::string& path() const { return m_path; }
    std::uint64_t size() const { return m_size; }
    const ByteSource& bytes() const { return *m_bytes; }
    const std::vector<PageLayout>& pages() const {
        return m_pages;
    }  // of the main chain; at least one
    const PageTags& firstTags() const { return m_firstTags; }
    // The layout of a directory outside the main chain.
    PageLayout layoutAt(std::uint64_t ifdOffset) const;
    // Where the uncompressed pixels of a page begin when they lie in one piece, else 0.
    std::uint64_t contiguousStart(const PageLayout& page) const;

    // Pixels of one sample of the page at ifdOffset. The page must look like `like` (size and
    // type).
    image::Plane read(std::uint64_t ifdOffset, const PageLayout& like, int sample,
                      const image::Rect& rect) const;
    // The same from uncompressed pixels that lie in one piece from `start` on, with no directory.
    image::Plane readRaw(std::uint64_t start, const PageLayout& like, int sample,
                         const image::Rect& rect) const;

  private:
    using Chunk = std::shared_ptr<const std::vector<std::uint8_t>>;
    using Key = std::pair<std::uint64_t, std::int64_t>;  // directory, strip or tile
    class Lease;

    image::Plane decode(std::uint64_t ifdOffset, const PageLayout& like, int sample,
                        const image::Rect& rect) const;
    // Copies stored samples: `rows` runs of `columns` pixels that begin `stride` bytes apart, the
    // first at `offset` in the file; `out` rows begin `outStride` bytes apart.
    void copyRows(std::uint64_t offset, std::uint64_t stride, const PageLayout& page, int sample,
                  std::int64_t columns, std::int64_t rows, std::byte* out,
                  std::int64_t outStride) const;
    // Whether all bytes of a strip or tile that begins at this row of them lie in the file.
    bool isStoredWhole(const PageLayout& page, std::int64_t chunkRow,
                       const TiffHandle::Extent& extent) const;
    Chunk chunk(TiffHandle& handle, std::int64_t index) const;
    void checkComplete(TiffHandle& handle, bool everyChunk) const;
    [[noreturn]] void failTruncated() const;

    std::string m_path;
    std::shared_ptr<const ByteSource> m_bytes;
    std::uint64_t m_size = 0;
    std::vector<PageLayout> m_pages;
    PageTags m_firstTags;
    mutable std::mutex m_mutex;
    mutable std::vector<std::unique_ptr<TiffHandle>> m_idle;
    mutable std::list<std::pair<Key, Chunk>> m_recent;  // newest first
    mutable std::map<Key, std::list<std::pair<Key, Chunk>>::iterator> m_recentByKey;
    mutable std::uint64_t m_recentBytes = 0;
};

}  // namespace posteria::io
