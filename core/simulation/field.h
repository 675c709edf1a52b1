// Noise-free images of simulated scenes: a volume larger than the field, seen through the optics
// and cropped, in relative photons. One constant a scene kind makes the mean over the ensemble of
// seeds one for the default settings; single fields differ, a dense one is brighter than a sparse
// one. Measured by tst_field over 1000 to 2500 seeds, standard errors 2 to 4 %
// (`POSTERIA_MEASURE_FIELDS=n tst_field` measures anew). The same settings and seed give the same
// bytes. Any thread.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/physics/optics.h"
#include "core/simulation/swc.h"

namespace posteria::simulation {

struct FieldSettings {
    std::string scene = "filaments";
    std::int64_t height = 256, width = 256;
    std::int64_t planes = 9;  // of the volume, focus in the middle
    physics::Optics optics;
    double density = 1;
    std::shared_ptr<const Morphology> neuron;  // see SceneSettings
    // The wavelengths are multiplied by exp(U(-spread, spread)) of the seed, so that a model learns
    // more than one PSF; 0 takes the optics as they are.
    double opticsSpread = 0.2;
    // Light from beyond the volume, in widefield only: up to this share of the field's own light,
    // blurred over micrometres; drawn for each seed.
    double hazeShare = 1.0;
};

// The optics of a seed: settings.optics with the wavelengths of that seed.
physics::Optics fieldOptics(const FieldSettings& settings, std::uint64_t seed);

// [H, W] float32: the plane in focus.
at::Tensor simulateClean(const FieldSettings& settings, std::uint64_t seed);
// [focusPlanes, H, W]: that many neighbouring planes around the middle, zStepUm apart. The volume
// has settings.planes planes more than that, half above and half below.
at::Tensor simulateCleanStack(const FieldSettings& settings, std::int64_t focusPlanes,
                              std::uint64_t seed);
// [severities, H, W]: the plane in focus at these levels of haze (physics::hazyOptics); the kind of
// microscope of the settings does not matter. Simulated one at a time, levels are the same.
at::Tensor simulateHazeSeries(const FieldSettings& settings, const std::vector<double>& severities,
                              std::uint64_t seed);

}  // namespace posteria::simulation
