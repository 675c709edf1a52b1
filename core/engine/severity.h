// The severity of an acquisition, estimated from the image alone: the model's regressor looks at
// tiles of the planes, tiles that hold next to nothing are left out, the median of the rest stands
// for all (one microscope, one dye, one severity), and the package's curve takes off the
// regressor's bias. Private to the engine.
#pragma once

#include <vector>

#include "core/base/cancel_token.h"
#include "core/engine/input_planes.h"
#include "core/engine/plan.h"
#include "core/nn/model.h"

namespace posteria::engine {

// One estimate for every tile with some signal, as the network gives it: at least one a plane. Of
// tiles at the end of the plane those count that lie in it for half or more.
// `plane` is [1, 1, H, W] normalised, on the network's device.
std::vector<double> tileSeverities(const nn::Model& model, const at::Tensor& plane,
                                   const CancelToken& token);

// The same of some planes of one channel of a request's input.
std::vector<double> stackSeverities(const nn::Model& model, const Plan& plan, InputPlanes& input,
                                    std::int64_t channel, const c10::Device& device,
                                    const CancelToken& token);

// The median of what tiles gave, not empty, after the package's curve.
double aggregatedSeverity(std::vector<double> estimates, const package::ModelPackage& package);

}  // namespace posteria::engine
