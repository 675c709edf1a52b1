// How well a package's network "severity" does on simulated fields that it was never trained on.
// Private to the engine.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/cancel_token.h"
#include "core/training/recipe.h"

namespace posteria::engine {

// Severities from 0.05 to 0.95 in steps of 0.05 on validation fields, eight times as many as
// calibration takes: the points of
// package::ModelPackage::severityCurve.
std::vector<std::vector<double>> validationSeverityCurve(
    const training::Recipe& recipe, const std::string& packageFolder,
    const std::function<void(int done, int total)>& progress, const CancelToken& token);

// The same on test fields, with the package's curve, as JSON text: {"fields", "rmse_one_field",
// "rmse_aggregated"}, the error of one field's estimate and that of all fields' together. Of two
// mixed channels also "psnr_by_weight": {"dominant" (a channel's weight in the mixture is 0.7 to
// 0.9), "balanced" (0.4 to 0.6), "weak" (0.1 to 0.3)}, each with the PSNR in dB of the one-shot
// answer told the severity "estimated" from all fields, "half" (0.5) or "known".
std::string heldOutSeverity(const training::Recipe& recipe, const std::string& packageFolder,
                            const std::function<void(int done, int total)>& progress,
                            const CancelToken& token);

}  // namespace posteria::engine
