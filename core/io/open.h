// Opening files: the reader is chosen by content, never by the name's ending. A stack that comes
// back is lazy: only the file's structure was read, pixels are fetched by Stack::read(), from any
// thread.
//
// Throws Error{Input} with one sentence and a way out when the file is missing, empty, truncated,
// not an image, or stored with a codec or bit depth that cannot be read (named in the sentence).
#pragma once

#include <string>
#include <vector>

#include "core/image/stack.h"

namespace posteria::io {

class Reader;

// Every image (series) in the file, in the file's order; at least one.
std::vector<image::StackPtr> openAll(const std::string& path);
// The same with further readers, asked before the built-in ones. They must outlive the call only.
std::vector<image::StackPtr> openAll(const std::string& path,
                                     const std::vector<const Reader*>& further);
// One series; throws Error{Input} when the file has no such series.
image::StackPtr open(const std::string& path, int series = 0);

}  // namespace posteria::io
