// All figures of one estimate against the truth, as `posteria-cli evaluate` and training report
// them. Pixel figures (PSNR, NRMSE, calibration) pool all planes of a channel; SSIM figures are
// means over its planes, with the channel's data range; figures of the whole are means over the
// channels, except the calibration of the whole, which pools all pixels.
#pragma once

#include <string>
#include <vector>

#include "core/analysis/calibration.h"
#include "core/analysis/metrics.h"
#include "core/image/stack.h"

namespace posteria::analysis {

struct Figures {
    double psnr = 0, riPsnr = 0, nrmse = 0, ssim = 0, msSsim = 0, microSsim = 0, microMs3im = 0,
           dice = 0;
    std::vector<double> psdRatio;  // one a band of power_spectrum.h
};

Figures evaluateChannel(const Planes& estimate, const Planes& truth);
// Means of every figure; the channels have equal sizes.
Figures meanFigures(const std::vector<Figures>& channels);

// All T and Z of one channel, as float32. Throws Error{Input} where a pixel is not a finite number.
Planes readChannel(const image::Stack& stack, std::int64_t channel);

}  // namespace posteria::analysis
