// A border of mirrored pixels around an image, for operators with a periodic boundary: what comes
// in at one side from the other then stays in the border, which is cropped again. Pure functions:
// any thread.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace posteria::sampling {

// [N, C, H, W] continued by `margin` pixels on every side; thin images are mirrored again and
// again.
at::Tensor mirrored(const at::Tensor& image, std::int64_t margin);
at::Tensor withoutMargin(const at::Tensor& image, std::int64_t margin);

}  // namespace posteria::sampling
