// model.json as text and back. Every number is checked before anyone allocates by it; unknown keys
// are ignored, so that a package may carry more than this version reads. Private to core/package.
#pragma once

#include <map>
#include <string>

#include "core/package/model_package.h"

namespace posteria::package {

inline constexpr std::uint64_t kMaxJsonBytes = 1u << 20;
inline constexpr std::uint64_t kMaxWeightBytes = 64u << 20;

using Fingerprints = std::map<std::string, std::string>;  // file name to sha256

struct Description {
    ModelPackage package;  // without folder, qualityJson and calibrationJson
    Fingerprints files;
};

// `where` is quoted in errors. Throws Error{Model}.
Description parseDescription(const std::string& text, const std::string& where);
std::string formatDescription(const ModelPackage& package, const Fingerprints& files);
// The text itself, when it is a JSON object of sane depth; throws Error{Model} otherwise.
std::string checkedObject(const std::string& text, const std::string& where);

}  // namespace posteria::package
