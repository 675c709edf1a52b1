// Simulated structures as fluorophore density, [Z, Y, X] float32 on the CPU: what is there before
// any microscope looked at it. The same settings and seed give the same bytes; seeds share the
// layout of their cells between scenes, so two scenes of one seed fit over each other. Any thread.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/simulation/swc.h"

namespace posteria::simulation {

struct SceneSettings {
    std::int64_t height = 256, width = 256, planes = 9;
    double pixelUm = 0.13, zStepUm = 0.25;
    double density = 1;  // multiplies the amount of structure, which itself varies with the seed
    // Drawn by the scene "neurons" in place of neurons grown at random.
    std::shared_ptr<const Morphology> neuron;
};

// "filaments", "vesicles", "nuclei", "mitochondria", "neurons", "membranes", "actin".
const std::vector<std::string>& sceneNames();
// Throws Error{Usage} for an unknown scene or an empty volume.
at::Tensor renderVolume(const std::string& scene, const SceneSettings& settings,
                        std::uint64_t seed);

}  // namespace posteria::simulation
