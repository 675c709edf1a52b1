// The figures a model ships with: its samplers on simulated fields that training never saw, through
// the same engine that users run. Private to the engine.
#pragma once

#include <functional>
#include <string>

#include "core/base/cancel_token.h"
#include "core/training/recipe.h"

namespace posteria::engine {

// The text of a calibration.json fitted on the recipe's validation fields.
std::string validationCalibration(const training::Recipe& recipe, const std::string& packageFolder,
                                  const std::function<void(int done, int total)>& progress,
                                  const CancelToken& token);

// JSON text: for the first sampler of each network of the package PSNR, NRMSE, SSIM and MicroSSIM
// of the mean per channel; for those with noise also of a single sample, the radial power-spectrum
// ratio, spread/skill and coverage, as drawn and as the package's calibration makes them; the
// trivial estimate, the input shared out, and what restores without a network (baselines.h) beside
// them.
std::string heldOutQuality(const training::Recipe& recipe, const std::string& packageFolder,
                           const std::function<void(int done, int total)>& progress,
                           const CancelToken& token);

}  // namespace posteria::engine
