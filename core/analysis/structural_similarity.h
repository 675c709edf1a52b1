// Structural similarity of single planes (Wang et al. 2004) and its relatives. Windows are
// Gaussian, sigma 1.5, 11 × 11 taps; the 5 pixels at the border, where the window hangs over, are
// left out; K1 = 0.01, K2 = 0.03. A plane smaller than 11 × 11 has no value: NaN. Planes are
// float32 of one size.
#pragma once

#include "core/analysis/metrics.h"

namespace posteria::analysis {

enum class Covariance {
    Sample,      // × N / (N - 1), N = 121: scikit-image's use_sample_covariance=True
    Population,  // Wang et al. 2004, use_sample_covariance=False
};

// As scikit-image's structural_similarity(gaussian_weights=True, sigma=1.5, data_range=dataRange).
double ssim(const image::Plane& estimate, const image::Plane& truth, double dataRange,
            Covariance covariance = Covariance::Sample);
// Wang, Simoncelli & Bovik 2003: population covariance, 2 × 2 means between scales, weights 0.0448,
// 0.2856, 0.3001, 0.2363, 0.1333 scaled to sum to one. Planes below 176 pixels take as many of the
// five scales as leave 11 pixels. Negative terms count as zero.
double msSsim(const image::Plane& estimate, const image::Plane& truth, double dataRange);

struct MicroSsim {
    double value = 0;
    double multiScale = 0;  // MicroMS3IM: MS-SSIM of the same two, the estimate at its best factor
    double scale = 1;       // the estimate's best factor
};
// MicroSSIM (Ashesh et al. 2024) of a channel: each side's third percentile is taken off, both are
// divided by the truth's new maximum, and the estimate's scale maximises the mean SSIM. The value
// is the mean over all planes; the scale is fitted on at most eight planes and half a million
// windows, evenly spread.
MicroSsim microSsim(const Planes& estimate, const Planes& truth);

}  // namespace posteria::analysis
