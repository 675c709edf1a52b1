#include "core/physics/degradation.h"

#include "core/base/error.h"

namespace posteria::physics {

void Degradation::check(const at::Tensor& batch, std::int64_t channels,
                        const at::Tensor& severity) const {
    if (batch.dim() != 4 || batch.size(1) != channels || severity.dim() != 1 ||
        severity.size(0) != batch.size(0))
        throw Error(ErrorKind::Usage,
                    "A degradation takes batches of its own number of channels, with one severity "
                    "for each image.");
}

at::Tensor Degradation::perImage(const at::Tensor& severity, const at::Tensor& batch) {
    return severity.view({-1, 1, 1, 1}).to(batch.options());
}

}  // namespace posteria::physics
