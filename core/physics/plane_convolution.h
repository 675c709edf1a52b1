// The sum over planes of a volume convolved plane by plane with kernels: what a camera sees of a
// volume. Linear: nothing lies outside the volume and nothing wraps around. Direct for small
// kernels, by FFT for larger ones, whose cost does not grow with the kernel. The volume's spectrum
// is made once for all calls. Const after construction: any thread.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace posteria::physics {

class PlaneConvolution {
  public:
    enum class Method { Direct, Fft };

    // The faster method for square kernels of that side.
    static Method methodFor(std::int64_t side);

    // Volume [Z, Y, X] float32; kernels will be [Z, side, side] with an odd side.
    PlaneConvolution(const at::Tensor& volume, std::int64_t side, Method method);

    // [Y, X].
    at::Tensor sum(const at::Tensor& kernels) const;

  private:
    Method m_method;
    std::int64_t m_height, m_width, m_radius;
    std::vector<std::int64_t> m_padded;  // for the FFT
    at::Tensor m_volume;                 // or its spectrum
};

}  // namespace posteria::physics
