// What a file format offers to io::openAll. A reader is stateless and may be called from any
// thread; the stacks it returns stand on their own and keep open what they need.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/image/stack.h"

namespace posteria::io {

// A file or folder someone wants to open, with the first bytes of a file.
struct Candidate {
    std::string path;
    bool folder = false;
    std::vector<unsigned char> head;  // up to 4096 bytes; empty for a folder
    std::uint64_t size = 0;           // bytes of the file
};

// Looks at what lies at the path; throws Error{Input} when nothing readable does.
Candidate candidateAt(const std::string& path);

class Reader {
  public:
    virtual ~Reader() = default;
    virtual const char* name() const = 0;  // as StackInfo::reader: "tiff", …
    // Decides by content alone, and cheaply.
    virtual bool canRead(const Candidate& candidate) const = 0;
    // All series; throws Error{Input}.
    virtual std::vector<image::StackPtr> openAll(const std::string& path) const = 0;
};

}  // namespace posteria::io
