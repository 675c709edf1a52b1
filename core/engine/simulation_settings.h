// The microscope of a simulation as JSON: defaults, overrides from a configuration, and the full
// set for simulation.json. Private to core/engine.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/physics/camera.h"
#include "core/simulation/field.h"

namespace posteria::engine {

struct SimulationSettings {
    simulation::FieldSettings field;  // its scene, height and width are not used
    physics::Camera camera;
    std::string swc;  // the file of field.neuron; empty: neurons are grown at random
};

// Throws Error{Input}, naming `where`, for text that is no JSON object, an unknown key, a value of
// the wrong type or one that is not possible; naming the file for an SWC file that cannot be read.
void applyConfiguration(SimulationSettings& settings, const std::string& text,
                        const std::string& where);

// {"optics": …, "camera": …, "scene": …}, every key a configuration may hold.
nlohmann::json toJson(const SimulationSettings& settings);

}  // namespace posteria::engine
