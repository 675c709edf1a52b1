#include "core/nn/noise_model.h"

#include <cmath>

#include "core/base/error.h"
#include "core/tensor/torch_compat.h"

namespace posteria::nn {

at::Tensor noiseModels(const std::vector<NoiseModel>& models) {
    std::vector<double> rows;
    for (const auto& m : models)
        rows.insert(rows.end(), {m.variance, m.gain, m.offset});
    return at::tensor(rows, at::kFloat).view({-1, 3});
}

at::Tensor noiseVariance(const at::Tensor& clean, const at::Tensor& models) {
    const auto column = [&](std::int64_t i) {
        return models.select(1, i).view({-1, 1, 1, 1}).to(clean.options());
    };
    const at::Tensor variance = column(0), gain = column(1), offset = column(2);
    const at::Tensor right =
        at::logical_and(at::logical_and(variance > 0, gain >= 0), at::isfinite(offset));
    if (!right.all().item<bool>()) {
        throw Error(ErrorKind::Model,
                    "A noise model needs a variance above 0 and a gain of 0 or more.");
    }
    return (clean - offset).clamp_min(0) * gain + variance;
}

at::Tensor noiseVariance(const at::Tensor& clean, const NoiseModel& model) {
    return noiseVariance(clean, noiseModels({model}));
}

at::Tensor negativeLogLikelihood(const at::Tensor& y, const at::Tensor& clean,
                                 const at::Tensor& models) {
    const at::Tensor variance = noiseVariance(clean, models);
    return 0.5 * (at::log(2 * M_PI * variance) + (y - clean).square() / variance).mean();
}

at::Tensor negativeLogLikelihood(const at::Tensor& y, const at::Tensor& clean,
                                 const NoiseModel& model) {
    return negativeLogLikelihood(y, clean, noiseModels({model}));
}

}  // namespace posteria::nn
