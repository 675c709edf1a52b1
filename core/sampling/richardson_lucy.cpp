#include "core/sampling/richardson_lucy.h"

#include "core/base/error.h"
#include "core/tensor/torch_compat.h"

namespace posteria::sampling {

at::Tensor richardsonLucy(const at::Tensor& y, const physics::Degradation& degradation,
                          const RichardsonLucyOptions& options,
                          const std::function<bool(int, const at::Tensor&)>& visit) {
    if (options.iterations < 1 || options.background < 0) {
        throw Error(ErrorKind::Usage,
                    "Richardson and Lucy's deconvolution needs an iteration and a background that "
                    "is not negative.");
    }
    const at::Tensor counts = y.clamp_min(0);
    const at::Tensor severity = at::full({y.size(0)}, options.severity, y.options());
    const at::Tensor light = degradation.adjoint(at::ones_like(counts), severity).clamp_min(1e-12);
    // The transfer function's rounding may leave a prediction at or below 0 where all is dark.
    const double least = 1e-9 * counts.mean().item<double>() + 1e-30;
    at::Tensor x = (counts.mean({1, 2, 3}, true) - options.background)
                       .clamp_min(least)
                       .expand_as(light)
                       .clone();
    for (int i = 1; i <= options.iterations; ++i) {
        const at::Tensor expected =
            (degradation.apply(x, severity) + options.background).clamp_min(least);
        x = x * degradation.adjoint(counts / expected, severity).clamp_min(0) / light;
        if (visit && !visit(i, x)) break;
    }
    return x;
}

}  // namespace posteria::sampling
