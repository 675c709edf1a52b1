// A training recipe: a JSON file that says what is simulated, which networks are trained, for how
// long. `resources/models/*.recipe.json` are the recipes of the models that ship. Every field has a
// default but name, scenes and networks; a field that is not known is refused, so that a typing
// error is not silently a default.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/package/model_package.h"
#include "core/physics/camera.h"
#include "core/simulation/field.h"
#include "core/training/task.h"

namespace posteria::training {

struct NetworkRecipe {
    package::NetworkSpec spec;
    std::int64_t steps = 20000;  // of the whole schedule; --steps and --minutes stop earlier
    int batch = 8, patch = 64;   // patch side in pixels
    // The last share of the steps sees larger patches: in small ones the border, beyond which the
    // network sees nothing, is near everywhere; in the tiles that it restores it is not.
    double finalShare = 0;
    int finalBatch = 2, finalPatch = 128;
    double learningRate = 4e-4, finalLearningRate = 1e-5, weightDecay = 1e-4, clipNorm = 1.0;
    std::int64_t warmup = 500;
    double ema = 0.999;
    // restore only: in the last share of the steps every second state is one that the loop reaches
    // with the networks as they are (sampler cold-improved).
    double loopShare = 0;
    // severity only: the range it is taught, wider than that of the others
    double minSeverity = 0.02, maxSeverity = 0.98;
    bool aroundMean = false;  // velocity only: draw what the one-shot network leaves over
};

struct Recipe {
    package::ModelPackage
        package;  // description; target statistics and fingerprints are filled in later
    const Task* task = nullptr;  // of the package's task name; never null in what was read
    // As many as the task simulates for a field; of one scene a field several can be given, which
    // then take turns.
    std::vector<std::string> scenes;
    simulation::FieldSettings field;  // its scene name is not used
    physics::Camera camera;
    // Numerical aperture of an objective whose blur, beside the noise, is taken off in further
    // held-out figures; 0: none. For models with a prior.
    double deblurNa = 0;
    double minPhotons = 30, maxPhotons = 1000;  // at the 99.9th percentile; log-uniform
    double minSeverity = 0.1, maxSeverity = 0.9;
    double usualShare = 0.3;  // share of patches with the default severity, the others are uniform
    bool severityNormalisation = false;  // fill the package's severityScale; two scenes
    int fields = 600, validationFields = 16, testFields = 20;
    std::uint64_t seed = 1;
    std::vector<NetworkRecipe> networks;
    std::string text;  // the file as it was read, for the package's provenance

    const NetworkRecipe& network(const std::string& role) const;
};

// Throws Error{Usage} naming the field.
Recipe readRecipe(const std::string& path);
// The same of a text that lies in `path`.
Recipe parseRecipe(const std::string& text, const std::string& path);

// Seeds of the three disjoint sets, counted upwards from these.
std::uint64_t trainingSeed(const Recipe& recipe);
std::uint64_t validationSeed(const Recipe& recipe);
std::uint64_t testSeed(const Recipe& recipe);

}  // namespace posteria::training
