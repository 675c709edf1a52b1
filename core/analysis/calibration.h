// Is the stated uncertainty the true one? Standard deviations s of posterior samples are held
// against the errors of their mean (Levi et al. 2022): in bins of like s, RMV = sqrt(mean s^2) and
// RMSE = sqrt(mean error^2); a calibrated posterior lies on RMSE = RMV. Pixels of all planes are
// pooled. The mean of k samples errs by sqrt(1 + 1/k) more than the posterior's own spread even
// when all is well; where k is known, s is multiplied by that factor in spread/skill, bins, fit and
// Gaussian coverage.
#pragma once

#include <cstdint>
#include <vector>

#include "core/analysis/metrics.h"

namespace posteria::analysis {

inline constexpr int kCalibrationBins = 15;

struct CalibrationBin {
    double rmv = 0, rmse = 0;  // grey values
    std::int64_t count = 0;    // pixels
};

struct Calibration {
    double slope = 1, offset = 0;  // RMSE = slope * RMV + offset, least squares weighted by count
    double coverage68 = 0, coverage90 = 0;  // share of truth inside the 68.27 % and 90 % interval
    // Whether it was counted by the samples' own quantiles; otherwise mean ± z s (Gaussian).
    bool coverage68FromSamples = false, coverage90FromSamples = false;
    double spreadSkill = 0;  // sqrt(mean s^2) / RMSE; 1 is ideal, below 1 is overconfident
    int samples = 0;         // k; 0 where it is not known
    std::vector<CalibrationBin> bins;  // equally many pixels each, ties together, by growing s
};

// `samples`: how many the mean and s were made of, 0 if unknown (no correction).
Calibration calibrate(const Planes& mean, const Planes& std, const Planes& truth, int samples = 0);

// The same with the truth's rank among the samples instead of a Gaussian: rank r of k samples
// stands for the quantiles r / (k + 1) to (r + 1) / (k + 1) and counts with the share of them
// inside the interval, so that an ideal posterior has exactly the nominal coverage. An interval
// that k samples cannot span (k < 6 for 68 %, k < 19 for 90 %) stays Gaussian. k = draws.size().
Calibration calibrate(const Planes& mean, const Planes& std, const Planes& truth,
                      const std::vector<Planes>& draws);

// How often the truth has rank r among k samples, r = 0 … k: flat for an ideal posterior, U-shaped
// when it is overconfident. Ties are spread evenly, reproducibly.
std::vector<std::int64_t> rankHistogram(const std::vector<Planes>& draws, const Planes& truth);

}  // namespace posteria::analysis
