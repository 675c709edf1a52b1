// Between image planes and tensors. A float32 plane and its tensor share memory in both directions,
// so neither may be written to afterwards.
#pragma once

#include <ATen/core/Tensor.h>

#include "core/image/plane.h"

namespace posteria::tensor {

// [H, W] float32 on the CPU; shares the plane's memory when it is float32 already.
at::Tensor fromPlane(const image::Plane& plane);
// The plane of a [H, W] tensor, float32; keeps the tensor's storage alive, copies only when it is
// not contiguous float32 on the CPU.
image::Plane toPlane(const at::Tensor& tensor);

}  // namespace posteria::tensor
