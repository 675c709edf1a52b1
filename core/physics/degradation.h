// What a microscope does to clean channels, as a linear operator with a severity: t = 0 is clean,
// t = 1 is fully degraded. Implementations are immutable; call them from any thread. Clean batches
// are [N, C, H, W], degraded ones [N, D, H, W], floating point; `severity` is [N], one value an
// image. What does not fit throws Error{Usage}.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace posteria::physics {

class Degradation {
  public:
    virtual ~Degradation() = default;

    virtual std::int64_t cleanChannels() const = 0;     // C
    virtual std::int64_t degradedChannels() const = 0;  // D
    virtual at::Tensor apply(const at::Tensor& clean, const at::Tensor& severity) const = 0;
    // The transpose: <apply(x, t), y> = <x, adjoint(y, t)>.
    virtual at::Tensor adjoint(const at::Tensor& degraded, const at::Tensor& severity) const = 0;

    // The singular value decomposition D_t = U S V^T at one severity, with orthonormal U and V, for
    // samplers that work in its coefficients (DDRM). Coefficients have the shape of a clean
    // batch; white noise stays white in them.
    virtual at::Tensor analyse(const at::Tensor& clean, double severity) const = 0;  // V^T x
    virtual at::Tensor synthesise(const at::Tensor& coefficients, double severity) const = 0;
    // U^T y; anything where the singular value is 0.
    virtual at::Tensor project(const at::Tensor& degraded, double severity) const = 0;
    // >= 0, broadcast over the coefficients of clean images H pixels high and W wide.
    virtual at::Tensor singularValues(std::int64_t height, std::int64_t width,
                                      double severity) const = 0;

  protected:
    // Throws unless the batch has that many channels and the severity one value an image.
    void check(const at::Tensor& batch, std::int64_t channels, const at::Tensor& severity) const;
    // [N] → [N, 1, 1, 1], in the batch's type.
    static at::Tensor perImage(const at::Tensor& severity, const at::Tensor& batch);
};

}  // namespace posteria::physics
