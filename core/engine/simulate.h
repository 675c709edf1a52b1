// Writes simulated data: what a camera saw (uint16) and the clean truth (float32, noise-free, in
// the input's grey values above the camera offset), for tests, tutorials and held-out figures. Free
// of LibTorch in this header. Field k depends on (seed, k) and the settings alone.
// - split: two scenes in one image, severity t = weight of the second (0.5).
// - bleedthrough: the same with a small t (0.15).
// - dehaze: truth confocal, input the same volume through a pinhole opened to severity t, which at
//   its end is widefield (1); see physics::hazyOptics.
// - denoise: truth the noise-free image; the photons set the noise, so there is no severity.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/cancel_token.h"

namespace posteria::engine {

struct SimulationRequest {
    std::string task = "split";
    std::vector<std::string> scenes;  // one, or two to be mixed; empty: the task's own
    int count = 1;                    // fields
    std::int64_t height = 256, width = 256;
    std::int64_t planes = 1;  // of the written stack
    std::uint64_t seed = 0;
    std::optional<double> severity;  // none: the task's own
    double photons = 300;            // expected at the input's 99.9th percentile pixel
    // A JSON object that overrides the microscope: {"optics": {…}, "camera": {…}, "scene": {…}}
    // with the keys that simulation.json shows; empty: the defaults. "scene": {"swc": PATH} draws
    // that file's neuron in the scene neurons. `configName` is named in errors.
    std::string configJson, configName = "the configuration";
    std::string outputFolder;
};

// Called after each field.
using SimulationProgress = std::function<void(int done, int count)>;

// Writes input_000.ome.tif, truth_000.ome.tif, … and at the end simulation.json with every
// parameter and seed. Throws Error{Usage} for impossible settings, Error{Input} for a configuration
// that is not valid, both before anything is written; Error{Failed} when a file cannot be written,
// and Error{Cancelled}, which keep the files already finished.
void simulate(const SimulationRequest& request, const SimulationProgress& progress,
              const CancelToken& token);

}  // namespace posteria::engine
