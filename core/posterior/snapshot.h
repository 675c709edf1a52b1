// What is known of a posterior after some samples: an immutable value, published as
// shared_ptr<const Snapshot> and safe to read from any thread. Stacks have axes T C Z Y X, float32,
// grey values above the camera offset; C counts the restored channels.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/image/stack.h"

namespace posteria::posterior {

struct Diagnostics {
    double monteCarloError = 0;          // root mean square of std / sqrt(n), grey values
    double relativeMonteCarloError = 0;  // the same over the root mean square of the mean
    double regionError = -1;  // likewise, of the region a run was asked to watch; < 0: not known
    std::vector<double> severity;  // in use, one a restored channel
    bool severityEstimated = false;
    // Structure that a sample leaves in the input, over noise alone (1: none; core/analysis/
    // residual_check.h). Below 0: not known. Only in a run's last snapshot.
    double residualStructure = -1;
    // What the mean, degraded again, leaves of the input's structure: standard deviations of means
    // of 9 x 9 pixels, residual over input, of the worst plane. Below 0: not known. Only in a run's
    // last snapshot.
    double unexplained = -1;
    // How steep borders of tiles are in a sample, over what lies between (core/analysis/
    // seam_score.h). Below 0: not known. Only in a run's last snapshot.
    double seamScore = -1;
    // Calibrated deviations around the mean that held 90 % of the truth on images where it is
    // known, one a restored channel; empty: not known.
    std::vector<double> interval90;
    std::vector<std::string> warnings;  // sentences for the user
};

struct Snapshot {
    int samples = 0;       // whole samples the mean and the standard deviation rest on
    int requested = 0;     // samples the run was asked for
    image::StackPtr mean;  // null while samples == 0
    image::StackPtr std;   // unbiased (n - 1); null while samples < 2
    std::vector<image::StackPtr>
        kept;  // sample k = kept[k]; fewer than `samples` when memory is short
    // The sample being drawn, unfinished: pixels not drawn yet are NaN. Null between samples.
    image::StackPtr partial;
    // What the degradation model leaves unexplained, input - D(mean), less its median (the camera
    // offset is not known): one channel for each restored input channel. Only in a run's last
    // snapshot.
    image::StackPtr residual;
    // Where a run was asked for it: the first sample's way, a stack a step with the channels x_t
    // and x0 for every restored channel. Only in a run's last snapshot.
    std::vector<image::StackPtr> trace;
    image::Rect region;  // of the input's plane that the results cover, full-size pixels
    bool stdCalibrated = false;
    Diagnostics diagnostics;
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

}  // namespace posteria::posterior
