// Every difference between LibTorch 1.13 and 2.x, in one place. Include in .cpp files only.
#pragma once

#include <torch/torch.h>
#include <torch/version.h>

namespace posteria::tensor {

inline constexpr const char* kTorchVersion = TORCH_VERSION;

// 1.13 has no const_data_ptr<T>().
template <class T>
const T* constData(const at::Tensor& tensor) {
#if TORCH_VERSION_MAJOR >= 2
    return tensor.const_data_ptr<T>();
#else
    return tensor.data_ptr<T>();
#endif
}

}  // namespace posteria::tensor
