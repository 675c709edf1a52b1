// What posterior::TrustFacts says of a run's input and of its model. Private to the engine.
#pragma once

#include "core/engine/input_planes.h"
#include "core/engine/plan.h"
#include "core/posterior/trust.h"

namespace posteria::engine {

// Brightness, noise, saturation and pixel size of some planes of every channel, each told as the
// worst of them, beside the ranges that the model's recipe tells of its training; the range of its
// severities; and how good its uncertainty is. The distance is for the caller, who has the
// network's input at hand.
void judgeInput(posterior::TrustFacts& facts, const Plan& plan,
                const package::ModelPackage& package, const RestorationRequest& request,
                InputPlanes& input);

}  // namespace posteria::engine
