// Calibration behind `posteria-cli calibrate`, free of LibTorch in this header: restores images
// whose truth is known and fits how large the model's standard deviations should have been.
#pragma once

#include <functional>
#include <string>

#include "core/base/cancel_token.h"

namespace posteria::engine {

struct CalibrateRequest {
    std::string model;  // a bundled model's name or a package's path
    // A folder as `simulate` writes it: input*.tif, each with its truth*.tif of as many channels as
    // the model restores, in the input's grey values above the camera offset. The severity is taken
    // from its simulation.json, where there is one.
    std::string pairs;
    std::string package;  // where the calibrated model goes; empty: the model's own folder
    std::string device = "auto";
};

// Writes calibration.json into the package and returns its text. Throws Error{Input} for a folder
// without pairs or with pairs that do not fit, before anything is restored.
std::string calibrate(const CalibrateRequest& request,
                      const std::function<void(int done, int total)>& progress,
                      const CancelToken& token);

}  // namespace posteria::engine
