#include "core/tensor/convert.h"

#include <memory>

#include "core/tensor/torch_compat.h"

namespace posteria::tensor {

at::Tensor fromPlane(const image::Plane& plane) {
    const image::Plane floats = plane.toFloat();
    // from_blob wants a mutable pointer; the contract of this header forbids writing through it.
    return at::from_blob(
        const_cast<void*>(floats.data()), {floats.height(), floats.width()},
        [owner = floats.owner()](void*) {}, at::TensorOptions().dtype(at::kFloat));
}

image::Plane toPlane(const at::Tensor& tensor) {
    const at::Tensor floats = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
    auto owner = std::make_shared<const at::Tensor>(floats);
    return image::Plane(image::PixelType::Float32, floats.size(1), floats.size(0), owner,
                        constData<float>(floats));
}

}  // namespace posteria::tensor
