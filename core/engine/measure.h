// Measuring a trained model behind `posteria-cli measure`, free of LibTorch in this header: on
// fields simulated anew by the recipe that the package carries, from seeds that training never saw.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/cancel_token.h"

namespace posteria::engine {

// "inputs": what its images look like (core/nn/input_check.h), as training measures it at its end;
// "severity": the severity curve, fitted on validation fields, and the errors of severities;
// "posterior": the residual gain and the calibration, fitted there, and what the samplers make of
// the test fields; "blur": deblurring by ddrm; "cost": network calls (minutes more than the rest);
// "trust": how often the lights say what they should.
inline const std::vector<std::string> kMeasureParts{"inputs", "severity", "posterior",
                                                    "blur",   "cost",     "trust"};

struct MeasureRequest {
    std::string model;  // a bundled model's name or a package's path; must be writable
    int threads = 0;    // 0: all processors
    std::vector<std::string> parts = {"severity", "posterior", "blur"};  // of kMeasureParts
};

// Measures those parts that the model can have, writes what was fitted and the figures into the
// package, beside those of other parts, and returns its quality.json. Throws Error{Model} for a
// package without a recipe; cancelled, what was fitted by then stays.
std::string measure(
    const MeasureRequest& request,
    const std::function<void(const std::string& stage, int done, int total)>& progress,
    const CancelToken& token);

}  // namespace posteria::engine
