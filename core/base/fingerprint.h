// SHA-256 of an input, whatever it is.
#pragma once

#include <string>

namespace posteria {

// Of a file: its bytes. Of a folder (OME-Zarr): the names and fingerprints of all files in it, in
// the order of their names; links are not followed. Lower-case hex; throws Error{Input}.
std::string sha256OfPath(const std::string& path);

}  // namespace posteria
