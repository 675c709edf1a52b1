// What the one-shot network leaves over, x - mean, measured for a flow that draws it.
#pragma once

#include "core/nn/model.h"
#include "core/training/field_pool.h"

namespace posteria::training {

// Puts meanGain, residualVariance and residualSpectrum into the model's package, measured on whole
// training fields with the one-shot weights that it holds.
void measureResidual(nn::Model& model, const FieldPool& pool);

// Factors v >= 0 [F] of the variance v . features that a residual's squares have, by least squares
// reweighted with the inverse squared variance (the weights of a normal residual), scaled so that
// the squares divided by that variance average 1. features [F, P] >= 0 with the first all ones;
// squares [P]; both double. Returns [F], the first > 0.
at::Tensor fitVariance(const at::Tensor& features, const at::Tensor& squares);

}  // namespace posteria::training
