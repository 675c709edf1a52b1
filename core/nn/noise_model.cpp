#include "core/nn/noise_model.h"

#include <cmath>

#include "core/base/error.h"
#include "core/tensor/torch_compat.h"

namespace posteria::nn {

at::Tensor noiseVariance(const at::Tensor& clean, const NoiseModel& model) {
    if (!(model.variance > 0) || !(model.gain >= 0) || !std::isfinite(model.offset)) {
        throw Error(ErrorKind::Model,
                    "A noise model needs a variance above 0 and a gain of 0 or more.");
    }
    return (clean - model.offset).clamp_min(0) * model.gain + model.variance;
}

at::Tensor negativeLogLikelihood(const at::Tensor& y, const at::Tensor& clean,
                                 const NoiseModel& model) {
    const at::Tensor variance = noiseVariance(clean, model);
    return 0.5 * (at::log(2 * M_PI * variance) + (y - clean).square() / variance).mean();
}

}  // namespace posteria::nn
