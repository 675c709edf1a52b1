// How often a model's lights (posterior::TrustLight) say what they should: on held-out images of
// its training's kind, and on images that are built to be of another. Private to the engine.
#pragma once

#include <functional>
#include <string>

#include "core/base/cancel_token.h"
#include "core/training/recipe.h"

namespace posteria::engine {

struct TrustHitSettings {
    int images = 100;   // of the training's kind, judged by their input
    int restored = 12;  // of those, restored by the model's first sampler and judged as a whole
    int built = 20;     // of every other kind
};

// JSON text: {"in_distribution": {"input"|"restored": {"images", "green", "amber", "red" (shares),
// "lights": {id: {"amber", "red"}}}}, "built": {KIND: {"images", "red", "lights"}}}. The kinds:
// another structure, noise times four, pixels of half or twice the size (told, and by a file that
// is wrong), a twentieth of the pixels saturated, inverted, light as in photographs (amplitudes
// that fall with the frequency, random phases), an empty field.
std::string trustHits(const training::Recipe& recipe, const std::string& packageFolder,
                      const TrustHitSettings& settings,
                      const std::function<void(int done, int total)>& progress,
                      const CancelToken& token);

}  // namespace posteria::engine
