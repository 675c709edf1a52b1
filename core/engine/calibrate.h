// Calibration behind `posteria-cli calibrate`, free of LibTorch in this header: restores images
// whose truth is known and fits how large the model's standard deviations should have been.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/engine/engine.h"

namespace posteria::engine {

struct CalibrateRequest {
    RestorationRequest settings;   // model, sampler, steps, samples, severity, seed, device
    std::vector<ImagePair> pairs;  // at least one
    std::string package;           // where the calibrated model goes; empty: the model's own folder
};

// Fits that of an engine: Engine::startCalibration.
std::unique_ptr<CalibrationFit> makeCalibrationFit(Engine& engine,
                                                   const RestorationRequest& settings);

// Writes calibration.json into the package and returns its text. Throws Error{Input} for pairs that
// do not fit, before anything is restored.
std::string calibrate(const CalibrateRequest& request,
                      const std::function<void(int done, int total)>& progress,
                      const CancelToken& token);

}  // namespace posteria::engine
