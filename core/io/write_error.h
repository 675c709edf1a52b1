// What to say when an image file cannot be written. Private to core/io.
#pragma once

#include <string>

#include "core/base/error.h"

namespace posteria::io {

// `code` is errno, or 0 where it is not known; `detail` is what libtiff said.
Error writeError(const std::string& path, const std::string& detail, int code);

}  // namespace posteria::io
