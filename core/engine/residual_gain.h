// How strong a flow's samples are in fine waves, measured on validation fields
// (core/nn/residual_gain.h). Private to the engine.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/cancel_token.h"
#include "core/package/model_package.h"
#include "core/training/recipe.h"

namespace posteria::engine {

// ModelPackage::residualGain of a package that has none, for its first sampler that draws by the
// network velocity: with it samples of fields of the recipe have the power spectrum of the truth.
// Empty where no sampler draws around a mean.
std::vector<package::ResidualGain> validationResidualGain(
    const training::Recipe& recipe, const std::string& packageFolder,
    const std::function<void(int done, int total)>& progress, const CancelToken& token);

}  // namespace posteria::engine
