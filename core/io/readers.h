// The readers that come with core/io. Private to core/io.
#pragma once

#include <memory>
#include <vector>

#include "core/io/reader.h"

namespace posteria::io {

std::vector<std::unique_ptr<const Reader>> builtInReaders();

}  // namespace posteria::io
