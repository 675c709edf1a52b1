// Weight files in the safetensors format: an 8-byte little-endian header length, a JSON header, raw
// little-endian values. No code, no pickles. Sizes are checked against the file before anything is
// allocated.
#pragma once

#include <string>

#include "core/nn/network.h"

namespace posteria::nn {

// F16, BF16 and F32 are read; values come back in the file's type. Throws Error{Model}.
NamedTensors readSafetensors(const std::string& path);
// Writes through a temporary file, in `type` (float16 for models that ship, float32 for
// checkpoints).
void writeSafetensors(const std::string& path, const NamedTensors& tensors, at::ScalarType type,
                      const std::map<std::string, std::string>& metadata = {});
// The metadata of a file, without its tensors.
std::map<std::string, std::string> readSafetensorsMetadata(const std::string& path);

}  // namespace posteria::nn
