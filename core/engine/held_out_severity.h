// How well a package's network "severity" does on simulated fields that it was never trained on.
// Private to the engine.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/cancel_token.h"
#include "core/training/recipe.h"

namespace posteria::engine {

// Severities from 0.05 to 0.95 in steps of 0.05 on every validation field: the points of
// package::ModelPackage::severityCurve.
std::vector<std::vector<double>> validationSeverityCurve(
    const training::Recipe& recipe, const std::string& packageFolder,
    const std::function<void(int done, int total)>& progress, const CancelToken& token);

// The same on test fields, with the package's curve, as JSON text: {"fields", "rmse_one_field",
// "rmse_aggregated"}, the error of one field's estimate and that of all fields' together.
std::string heldOutSeverity(const training::Recipe& recipe, const std::string& packageFolder,
                            const std::function<void(int done, int total)>& progress,
                            const CancelToken& token);

}  // namespace posteria::engine
