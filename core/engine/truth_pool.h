// Restorations of images whose truth is known, pooled over the images: one pool a restored channel.
// Every image is divided by its degraded plane's standard deviation, so that bright ones count no
// more than dim ones. Private to the engine.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/evaluation.h"
#include "core/base/cancel_token.h"
#include "core/engine/engine.h"
#include "core/package/calibration.h"
#include "core/training/field_pool.h"

namespace posteria::engine {

struct KnownImage {
    image::StackPtr input;
    std::vector<analysis::Planes> truth;  // one an output: grey values above the offset
    double inputStd = 1;                  // grey values
    std::optional<double> severity;
};

KnownImage knownImage(const training::HeldOutField& field, double pixelUm);

struct TruthPool {
    analysis::Planes truth, mean, std;
    std::vector<analysis::Planes> samples;
    std::vector<analysis::Figures> meanFigures, sampleFigures;

    void add(const posterior::Snapshot& result, const KnownImage& image, std::size_t channel);
};

// Restores with uncalibrated deviations and returns the last snapshot. Where the image's severity
// is not known, it is the settings'.
posterior::SnapshotPtr restoreKnown(Engine& engine, const RestorationRequest& settings,
                                    const KnownImage& image, const CancelToken& token,
                                    std::int64_t* networkCalls = nullptr,
                                    const std::function<void(double)>& progress = {});

// Deviations, in units of the degraded planes' standard deviations, as a calibration makes them.
analysis::Planes calibrated(const analysis::Planes& std,
                            const package::Calibration::Channel& channel);

}  // namespace posteria::engine
