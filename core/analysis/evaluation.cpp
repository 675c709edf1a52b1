#include "core/analysis/evaluation.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/dice.h"
#include "core/analysis/power_spectrum.h"
#include "core/analysis/structural_similarity.h"
#include "core/base/error.h"

namespace posteria::analysis {

Figures evaluateChannel(const Planes& estimate, const Planes& truth) {
    requireMatching(estimate, truth);
    const auto [low, high] = valueRange(truth);
    Figures figures;
    figures.psnr = psnr(estimate, truth);
    figures.riPsnr = rangeInvariantPsnr(estimate, truth);
    figures.nrmse = nrmse(estimate, truth);
    for (std::size_t i = 0; i < truth.size(); ++i) {
        figures.ssim += ssim(estimate[i], truth[i], high - low) / static_cast<double>(truth.size());
        figures.msSsim +=
            msSsim(estimate[i], truth[i], high - low) / static_cast<double>(truth.size());
    }
    const MicroSsim micro = microSsim(estimate, truth);
    figures.microSsim = micro.value;
    figures.microMs3im = micro.multiScale;
    figures.dice = dice(estimate, truth);
    figures.psdRatio = powerRatio(estimate, truth);
    return figures;
}

Figures meanFigures(const std::vector<Figures>& channels) {
    Figures mean;
    if (channels.empty()) return mean;
    mean.psdRatio.assign(channels[0].psdRatio.size(), 0.0);
    const double share = 1.0 / static_cast<double>(channels.size());
    for (const auto& channel : channels) {
        mean.psnr += share * channel.psnr;
        mean.riPsnr += share * channel.riPsnr;
        mean.nrmse += share * channel.nrmse;
        mean.ssim += share * channel.ssim;
        mean.msSsim += share * channel.msSsim;
        mean.microSsim += share * channel.microSsim;
        mean.microMs3im += share * channel.microMs3im;
        mean.dice += share * channel.dice;
        for (std::size_t i = 0; i < mean.psdRatio.size(); ++i) {
            mean.psdRatio[i] += share * channel.psdRatio[i];
        }
    }
    return mean;
}

Planes readChannel(const image::Stack& stack, std::int64_t channel) {
    Planes planes;
    for (std::int64_t t = 0; t < stack.shape().t; ++t) {
        for (std::int64_t z = 0; z < stack.shape().z; ++z) {
            planes.push_back(stack.readPlane({t, channel, z}).toFloat());
            const float* p = planes.back().as<float>();
            if (!std::all_of(p, p + planes.back().size(),
                             [](float v) { return std::isfinite(v); })) {
                throw Error(ErrorKind::Input, "The image holds pixels that are not finite numbers.",
                            stack.info().path, "Evaluate a complete result.");
            }
        }
    }
    return planes;
}

}  // namespace posteria::analysis
