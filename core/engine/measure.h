// Measuring a trained model behind `posteria-cli measure`, free of LibTorch in this header: on
// fields simulated anew by the recipe that the package carries, from seeds that training never saw.
#pragma once

#include <functional>
#include <string>

#include "core/base/cancel_token.h"

namespace posteria::engine {

struct MeasureRequest {
    std::string model;  // a bundled model's name or a package's path; must be writable
    int threads = 0;    // 0: all processors
};

// Fits the package's severity curve, its residual gain and its calibration on validation fields,
// measures it on the test fields, writes all of that into the package and returns its quality.json.
// Throws Error{Model} for a package without a recipe; cancelled, what was fitted by then stays.
std::string measure(
    const MeasureRequest& request,
    const std::function<void(const std::string& stage, int done, int total)>& progress,
    const CancelToken& token);

}  // namespace posteria::engine
