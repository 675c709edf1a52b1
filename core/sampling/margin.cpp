#include "core/sampling/margin.h"

#include <algorithm>

#include "core/tensor/torch_compat.h"

namespace posteria::sampling {

at::Tensor mirrored(const at::Tensor& image, std::int64_t margin) {
    at::Tensor result = image;
    for (std::int64_t left = margin; left > 0;) {
        const auto shortest = std::min(result.size(2), result.size(3));
        const auto step = std::min(left, shortest - 1);
        result = step > 0 ? at::reflection_pad2d(result, {step, step, step, step})
                          : at::replication_pad2d(result, {left, left, left, left});
        left -= step > 0 ? step : left;
    }
    return result;
}

at::Tensor withoutMargin(const at::Tensor& image, std::int64_t margin) {
    return image.slice(2, margin, image.size(2) - margin).slice(3, margin, image.size(3) - margin);
}

}  // namespace posteria::sampling
