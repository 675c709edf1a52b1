// What a microscope does to clean channels, as a linear operator with a severity: t = 0 is clean,
// t = 1 is fully degraded. Implementations are immutable; call them from any thread. Batches are
// [N, C, H, W] float32; `severity` is [N], one value an image.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace posteria::physics {

class Degradation {
  public:
    virtual ~Degradation() = default;

    virtual std::int64_t cleanChannels() const = 0;
    // [N, C, H, W] → [N, 1, H, W].
    virtual at::Tensor apply(const at::Tensor& clean, const at::Tensor& severity) const = 0;
    // The transpose: <apply(x, t), y> = <x, adjoint(y, t)>. [N, 1, H, W] → [N, C, H, W].
    virtual at::Tensor adjoint(const at::Tensor& degraded, const at::Tensor& severity) const = 0;
};

}  // namespace posteria::physics
