// The held-out figures of models as a page for people.
#pragma once

#include <string>
#include <vector>

#include "core/package/model_package.h"

namespace posteria::cli {

// Markdown: a section a model, tables of what its quality.json holds; a figure that is not there
// leaves its cell empty, a model without figures says so.
std::string qualityPage(const std::vector<package::ModelPackage>& models);

}  // namespace posteria::cli
