// What makes a model's standard deviations as large as its errors: a line fitted on images with a
// known truth (Levi et al. 2022) and kept in the package's calibration.json,
//     s' = max(0, scale * s + offset),
// the offset in units of the degraded plane's standard deviation; and how many s' make an interval
// that holds a share of the truth. It holds for the sampler and the steps it was fitted with, and
// for no other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/package/model_package.h"

namespace posteria::package {

struct Calibration {
    // How the deviations compared with the errors, for all to see. The predicted error of a mean of
    // k samples is sqrt(1 + 1/k) s, root mean square over the pixels of a bin, as is the observed
    // one; both in units of the degraded plane's standard deviation.
    struct Reliability {
        struct Bin {
            double predicted = 0, observed = 0;
            std::int64_t pixels = 0;
        };
        std::vector<Bin> bins;  // by growing s; none: not known
        // Shares of the truth within mean ± 1 and 1.645 predicted errors as drawn, and within the
        // counted intervals of 68 and 90 %, on pairs that these were not fitted on; 0: not known.
        double drawn68 = 0, drawn90 = 0, held68 = 0, held90 = 0;
    };
    struct Channel {
        double scale = 1, offset = 0;
        // mean ± factor * s' held 68 and 90 % of the pixels it was counted on, and is promised to
        // hold 90 % of a further image's (analysis/interval.h); 0: not known.
        double interval68 = 0, interval90 = 0, conformal90 = 0;
        Reliability reliability = {};
    };
    std::vector<Channel> channels;  // one an output
    SamplerSpec sampler;            // `samples` is how many were drawn for the fit
    int pairs = 0;                  // images it was fitted on

    bool holdsFor(const SamplerSpec& other) const;
};

// None when the package has no calibration. Throws Error{Model} for one that is broken.
std::optional<Calibration> readCalibration(const ModelPackage& package);
// The text for ModelPackage::calibrationJson.
std::string formatCalibration(const Calibration& calibration);

}  // namespace posteria::package
