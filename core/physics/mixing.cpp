#include "core/physics/mixing.h"

#include <torch/torch.h>

#include <cmath>

namespace posteria::physics {

namespace {

// [N, 2, 1, 1]: the weights of the two channels.
at::Tensor weights(const at::Tensor& severity, const at::Tensor& batch) {
    return torch::stack({1 - severity, severity}, 1).view({-1, 2, 1, 1}).to(batch.options());
}

double length(double severity) {
    return std::hypot(1 - severity, severity);
}

}  // namespace

at::Tensor Mixing::apply(const at::Tensor& clean, const at::Tensor& severity) const {
    check(clean, 2, severity);
    return (clean * weights(severity, clean)).sum(1, true);
}

at::Tensor Mixing::adjoint(const at::Tensor& degraded, const at::Tensor& severity) const {
    check(degraded, 1, severity);
    return degraded * weights(severity, degraded);
}

at::Tensor Mixing::analyse(const at::Tensor& clean, double t) const {
    const auto a = clean.select(1, 0), b = clean.select(1, 1);
    return torch::stack({(1 - t) * a + t * b, (1 - t) * b - t * a}, 1) / length(t);
}

at::Tensor Mixing::synthesise(const at::Tensor& coefficients, double t) const {
    const auto along = coefficients.select(1, 0), across = coefficients.select(1, 1);
    return torch::stack({(1 - t) * along - t * across, t * along + (1 - t) * across}, 1) /
           length(t);
}

at::Tensor Mixing::project(const at::Tensor& degraded, double) const {
    return torch::cat({degraded, torch::zeros_like(degraded)}, 1);
}

at::Tensor Mixing::singularValues(std::int64_t, std::int64_t, double severity) const {
    return torch::tensor({length(severity), 0.0}, torch::kDouble).view({2, 1, 1});
}

}  // namespace posteria::physics
