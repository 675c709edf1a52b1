#include "core/physics/mixing.h"

#include <torch/torch.h>

#include "core/base/error.h"

namespace posteria::physics {

namespace {

// [N] → [N, 2, 1, 1]: the weights of the two channels.
at::Tensor weights(const at::Tensor& batch, const at::Tensor& severity, std::int64_t channels) {
    if (batch.dim() != 4 || batch.size(1) != channels || severity.dim() != 1 ||
        severity.size(0) != batch.size(0))
        throw Error(ErrorKind::Usage,
                    "Mixing takes batches of two clean channels or of one mixture, "
                    "with one severity for each image.");
    return torch::stack({1 - severity, severity}, 1).view({-1, 2, 1, 1}).to(batch.options());
}

}  // namespace

at::Tensor Mixing::apply(const at::Tensor& clean, const at::Tensor& severity) const {
    return (clean * weights(clean, severity, 2)).sum(1, true);
}

at::Tensor Mixing::adjoint(const at::Tensor& degraded, const at::Tensor& severity) const {
    return degraded * weights(degraded, severity, 1);
}

}  // namespace posteria::physics
