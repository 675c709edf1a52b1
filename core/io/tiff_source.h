// The pixels of one series: a table of planes over one or several TIFF files. Private to core/io.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/image/stack.h"
#include "core/io/tiff_file.h"

namespace posteria::io {

// Files opened when first needed. A set of thousands keeps only the last few open.
class TiffFileSet {
  public:
    std::size_t add(const std::string& path);  // its number; the same for the same path
    std::size_t add(std::shared_ptr<const TiffFile> file);
    std::shared_ptr<const TiffFile> get(std::size_t number) const;

  private:
    std::vector<std::string> m_paths;
    std::map<std::string, std::size_t> m_numbers;
    mutable std::map<std::size_t, FileIdentity> m_identities;  // as first opened
    mutable std::mutex m_mutex;
    mutable std::list<std::pair<std::size_t, std::shared_ptr<const TiffFile>>>
        m_open;  // newest first
};

struct PlaneAddress {
    std::int32_t file = -1;  // -1: the plane is missing and reads as zeros
    std::int32_t page = 0, sample = 0;
    std::uint64_t rawStart =
        0;  // not 0: uncompressed pixels from here on, with no directory of their own
};

class TiffSource : public image::PlaneSource {
  public:
    struct Table {
        image::Shape shape;
        std::vector<PlaneAddress> planes;  // T, C, Z order
        std::vector<PageLayout> levels;    // full size first
        // Directories of the smaller levels of a page where they are no SubIFDs.
        std::map<std::int32_t, std::vector<std::uint64_t>> reducedPages;
        // ImageJ keeps signed 16-bit pixels as unsigned ones, 32768 higher.
        bool signedByOffset = false;
    };
    TiffSource(std::shared_ptr<const TiffFileSet> files, Table table);
    image::Plane read(const image::PlaneIndex& index, int level,
                      const image::Rect& rect) const override;

  private:
    image::Plane readStored(const image::PlaneIndex& index, int level,
                            const image::Rect& rect) const;

    std::shared_ptr<const TiffFileSet> m_files;
    Table m_table;
};

}  // namespace posteria::io
