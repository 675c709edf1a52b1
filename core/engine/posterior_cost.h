// How many network calls a usable posterior takes: a model's mean and spread by few steps beside
// those by many, on the first test fields. Private to the engine.
#pragma once

#include <functional>
#include <string>

#include "core/base/cancel_token.h"
#include "core/package/model_package.h"
#include "core/training/recipe.h"

namespace posteria::engine {

// A model that draws by following a flow.
bool hasPosteriorCost(const package::ModelPackage& package);

// JSON text: {"fields", "runs": [{"sampler", "steps", "samples", "network_calls" (of one field),
// "channels": {output: {"psnr" (of the mean, dB), "spread_skill" (as drawn)}}}]}; the last run, 20
// Euler steps (10 of Heun's) and 50 samples, is the one to compare with.
std::string posteriorCost(const training::Recipe& recipe, const std::string& packageFolder,
                          const std::function<void(int done, int total)>& progress,
                          const CancelToken& token);

}  // namespace posteria::engine
