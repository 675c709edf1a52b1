// The way of one sample from the degraded image to the clean one: what a sampler that goes step by
// step tells of every step, kept as stacks to look at. Private to the engine.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "core/engine/plan.h"
#include "core/nn/model.h"

namespace posteria::engine {

class Trace {
  public:
    // `drawn` is what plan.tracer drew of the input plane plan.planes[plane]: the sample, then x_t
    // and x0 of every step, [C (1 + 2 steps), H, W] normalised.
    void keep(const Plan& plan, std::size_t plane, const nn::Normalisation& normalisation,
              const at::Tensor& drawn);
    // One a step, grey values: for every restored channel the channels x_t and x0.
    std::vector<image::StackPtr> stacks(const Plan& plan, const image::StackInfo& input) const;

  private:
    std::vector<std::vector<image::Plane>> m_steps;  // planes of a step's stack, T, C, Z order
};

}  // namespace posteria::engine
