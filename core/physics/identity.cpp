#include "core/physics/identity.h"

#include <torch/torch.h>

namespace posteria::physics {

at::Tensor Identity::apply(const at::Tensor& clean, const at::Tensor& severity) const {
    check(clean, m_channels, severity);
    return clean;
}

at::Tensor Identity::adjoint(const at::Tensor& degraded, const at::Tensor& severity) const {
    return apply(degraded, severity);
}

at::Tensor Identity::analyse(const at::Tensor& clean, double) const {
    return clean;
}

at::Tensor Identity::synthesise(const at::Tensor& coefficients, double) const {
    return coefficients;
}

at::Tensor Identity::project(const at::Tensor& degraded, double) const {
    return degraded;
}

at::Tensor Identity::singularValues(std::int64_t, std::int64_t, double) const {
    return torch::ones({1, 1, 1}, torch::kDouble);
}

}  // namespace posteria::physics
