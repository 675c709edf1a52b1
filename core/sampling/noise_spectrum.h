// The noise a flow starts from, shaped like what the flow has to draw. A straight path from white
// noise settles coarse structure almost at once (a block mean of white noise is tiny beside one of
// the residual), so a few steps cannot draw it; from noise with the residual's own power spectrum
// every scale is decided at the same pace, and a network that knows nothing yet draws a Gaussian
// field of the right spectrum and covariance. Any source distribution will do for flow matching
// (Tong et al. 2024, Improving and generalizing flow-based generative models).
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace posteria::sampling {

class NoiseSpectrum {
  public:
    // Node j is at 2^(j/4) / 256 cycles per pixel, from one period in 256 pixels up to the corner
    // of the sampled band.
    static constexpr int kNodes = 31;
    // Pixels that one value of coloured noise depends on, on every side.
    static constexpr std::int64_t kReach = 128;

    // White noise.
    NoiseSpectrum() = default;
    // factors[j] is the lower Cholesky factor, C x C row by row, of the channels' cross-power at
    // node j, in any unit: the noise has unit variance in every channel. Between the nodes the
    // factor is linear in the logarithm of the frequency. Throws Error{Model} for other sizes.
    explicit NoiseSpectrum(const std::vector<std::vector<double>>& factors);
    // The factors of fields [N, C, S, S] on the CPU, averaged over them and over directions.
    static std::vector<std::vector<double>> factorsOf(const at::Tensor& fields);

    std::int64_t reach() const { return m_filter.defined() ? kReach : 0; }
    // White noise [C, H + 2 reach, W + 2 reach] → noise of this spectrum, [C, H, W]. Goes block by
    // block: memory beyond the result does not grow with the plane.
    at::Tensor colour(const at::Tensor& white) const;

  private:
    at::Tensor m_filter;  // [C, C, ...], transform of the filter for one block; undefined: white
};

}  // namespace posteria::sampling
