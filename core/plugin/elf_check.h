// The dynamic loader maps what a library's headers promise and faults on a file cut short. Private.
#pragma once

#include <string>

namespace posteria::plugin {

// Whether the file is a shared library for this machine with all its segments there.
bool isWholeLibrary(const std::string& path);

}  // namespace posteria::plugin
