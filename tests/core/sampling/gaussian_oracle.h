// A stationary Gaussian field x with power spectrum S, seen as y = H x + n through a blur H with
// white noise: everything a sampler asks of a network has a closed form for each frequency, and so
// has what the sampler must return. Gains are real, symmetric [N, N] tensors over the frequencies
// of an N × N image.
#pragma once

#include <cmath>

#include "core/physics/blur.h"
#include "core/sampling/sampler.h"
#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"

namespace posteria::sampling {

class GaussianOracle {
  public:
    explicit GaussianOracle(std::int64_t side)
        : S(4.0 / (1 + 60 * squaredFrequency(side))),
          H(at::exp(-12 * squaredFrequency(side))),
          blur(blurOf(H)),
          m_side(side) {
        K = S * H / (S * H.square() + kNoiseVariance);
        P = S * kNoiseVariance / (S * H.square() + kNoiseVariance);
    }

    static constexpr double kNoiseVariance = 0.25;
    at::Tensor S, H;  // more power at low frequencies, as images have; a Gaussian blur
    at::Tensor K, P;  // posterior mean is K y, posterior variance P

    at::Tensor filter(const at::Tensor& gain, const at::Tensor& x) const {
        return at::real(at::fft_ifft2(at::fft_fft2(x.to(at::kDouble)) * gain)).to(at::kFloat);
    }
    // White noise has variance one at every frequency in this scale.
    at::Tensor spectrumPower(const at::Tensor& x) const {
        const at::Tensor f = at::fft_fft2(x.to(at::kDouble));
        return at::real(f * f.conj()) / static_cast<double>(m_side * m_side);
    }

    // One degraded image, [1, 1, N, N].
    at::Tensor degraded(std::uint64_t seed) const {
        auto generator = tensor::makeGenerator(seed, 0);
        const at::Tensor x = filter(S.sqrt(), tensor::normal({1, 1, m_side, m_side}, generator));
        return filter(H, x) +
               std::sqrt(kNoiseVariance) * tensor::normal({1, 1, m_side, m_side}, generator);
    }

    // Velocity E[x1 - x0 | x_tau, y]: given y, x1 ~ N(K y, P) and x0 ~ N(0, 1).
    at::Tensor velocityGainState(double tau) const {
        return (tau * P - (1 - tau)) / (tau * tau * P + (1 - tau) * (1 - tau));
    }
    // Restorer gain of InDI, E[x | x_t] = gain x_t, for noise of standard deviation `noise` in x_t.
    at::Tensor restoreGain(double t, double noise) const {
        const at::Tensor a = (1 - t) + t * H;
        return a * S / (a.square() * S + t * t * kNoiseVariance + noise * noise);
    }

    Restorer restorer(double eps = 0, bool brownian = false) const {
        Restorer r;
        r.mean = [this](const at::Tensor& y) { return filter(K, y); };
        r.velocity = [this](const at::Tensor& x, const at::Tensor& y, double tau) {
            const at::Tensor m = filter(K, y);
            return m + filter(velocityGainState(tau), x - tau * m);
        };
        r.restore = [=](const at::Tensor& x, const at::Tensor&, double t) {
            return filter(restoreGain(t, (brownian ? std::sqrt(t) : t) * eps), x);
        };
        r.degrade = [=](const at::Tensor& x, const at::Tensor&, double t) {
            return filter((1 - t) + t * H, x);
        };
        r.denoise = [=](const at::Tensor& x, double sigma) {
            return filter(S / (S + sigma * sigma), x);
        };
        r.degradation = &blur;
        r.noise = [](const at::Tensor& y) {
            return at::full({1}, std::sqrt(kNoiseVariance), y.options());
        };
        return r;
    }

    // H as a degradation.
    physics::Blur blur;

  private:
    static at::Tensor squaredFrequency(std::int64_t side) {
        const at::Tensor f = at::fft_fftfreq(side, 1.0, at::TensorOptions().dtype(at::kDouble));
        return f.square().unsqueeze(1) + f.square().unsqueeze(0);
    }
    // What H makes of a point in the middle.
    static physics::Blur blurOf(const at::Tensor& transfer) {
        const auto half = transfer.size(0) / 2;
        return physics::Blur(at::roll(at::real(at::fft_ifft2(transfer.to(at::kComplexDouble))),
                                      {half, half}, {0, 1}));
    }

    std::int64_t m_side;
};

}  // namespace posteria::sampling
