// The sum over planes of a volume convolved plane by plane with kernels: what a camera sees of a
// volume. Linear: nothing lies outside the volume and nothing wraps around. By FFT; the volume's
// spectrum is made once for all calls. Const after construction: any thread.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace posteria::physics {

class PlaneConvolution {
  public:
    // Volume [Z, Y, X] float32; kernels will be [Z, side, side] with an odd side.
    PlaneConvolution(const at::Tensor& volume, std::int64_t side);

    // [Y, X].
    at::Tensor sum(const at::Tensor& kernels) const;

  private:
    std::int64_t m_height, m_width, m_radius;
    std::vector<std::int64_t> m_padded;
    at::Tensor m_volume;  // its spectrum
};

}  // namespace posteria::physics
