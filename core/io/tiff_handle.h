// One open libtiff handle on the bytes of a file: its messages are kept with it and never printed.
// Used by one thread at a time; several handles on one file are independent. Private to core/io.
#pragma once

#include <tiffio.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/io/byte_source.h"
#include "core/io/tiff_layout.h"

namespace posteria::io {

// The tags of a directory that say what the pixels mean.
struct PageTags {
    std::string description;
    double xResolution = 0, yResolution = 0;  // pixels per unit; 0: not said
    int resolutionUnit = 1;                   // 1 none, 2 inch, 3 centimetre
    int orientation = 0;                      // 0: not said
    std::vector<std::uint32_t> imagejCounts;
    std::vector<std::uint8_t> imagejData, lsmInfo;
    bool stk = false;  // MetaMorph: planes behind one directory
    // The last colour of a palette that rises from black, as microscopes colour a channel.
    std::optional<std::uint32_t> rampColor;
};

// Whether libtiff was built with this codec.
bool codecAvailable(int compression);

class TiffHandle {
  public:
    // The path is for messages. Throws Error{Input}. No single allocation of libtiff exceeds
    // maxAllocation bytes.
    TiffHandle(const std::string& path, std::shared_ptr<const ByteSource> bytes,
               std::uint64_t maxAllocation);
    ~TiffHandle();

    // Goes to the directory at this offset. Throws Error{Input}.
    const PageLayout& select(std::uint64_t ifdOffset);
    const PageLayout& layout() const { return m_layout; }
    PageTags tags() const;

    struct Extent {
        std::uint64_t offset = 0, bytes = 0;
    };
    Extent chunkExtent(std::int64_t chunk) const;
    // Decodes `bytes` bytes of the current directory's strip or tile. Throws Error{Input}.
    void readChunk(std::int64_t chunk, void* out, std::uint64_t bytes);

  private:
    class Cursor;
    static int onMessage(TIFF*, void* self, const char* module, const char* format,
                         va_list arguments);
    void readLayout();
    [[noreturn]] void fail(const std::string& sentence) const;

    std::string m_path, m_lastError;
    std::unique_ptr<Cursor> m_cursor;  // outlives m_tiff
    std::unique_ptr<TIFF, void (*)(TIFF*)> m_tiff;
    PageLayout m_layout;
};

}  // namespace posteria::io
