#include "core/tensor/frequency.h"

#include "core/tensor/torch_compat.h"

namespace posteria::tensor {

at::Tensor radialFrequency(std::int64_t side) {
    const at::Tensor f = at::fft_fftfreq(side, 1.0, at::TensorOptions().dtype(at::kDouble));
    return (f.square().unsqueeze(0) + f.square().unsqueeze(1)).sqrt();
}

}  // namespace posteria::tensor
