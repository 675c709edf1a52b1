// What a model with a prior does to a blur it was never taught: its sampler ddrm, told the point
// spread function, on held-out fields seen through the recipe's further objective (deblurNa),
// beside Wiener's filter and Richardson and Lucy's deconvolution, told the same. Private to the
// engine.
#pragma once

#include <functional>
#include <string>

#include "core/base/cancel_token.h"
#include "core/training/recipe.h"

namespace posteria::engine {

bool hasDeblurQuality(const training::Recipe& recipe, const package::ModelPackage& package);

// JSON text, of the form of heldOutQuality's.
std::string deblurQuality(const training::Recipe& recipe, const std::string& packageFolder,
                          const std::function<void(int done, int total)>& progress,
                          const CancelToken& token);

}  // namespace posteria::engine
