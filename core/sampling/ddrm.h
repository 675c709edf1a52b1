// Denoising diffusion restoration (Kawar et al. 2022, eqs. 7 and 8): samples of a prior's posterior
// for y = D x + sigma_y n by the singular values s of D, from a network that only ever learned to
// denoise clean images. In the coefficients V^T x, with m = U^T y / s, and over falling noise
// levels sigma, x0 = E[x | x_sigma] takes the state to the next level sigma':
//     s = 0:                x0 + sqrt(1 - eta^2) sigma' e + eta sigma' n,   e = (x - x0) / sigma
//     s sigma' < sigma_y:   x0 + sqrt(1 - eta^2) sigma' (m - x0) s / sigma_y + eta sigma' n
//     else:                 (1 - eta_b) x0 + eta_b m + sqrt(sigma'^2 - eta_b^2 sigma_y^2 / s^2) n
// from N(m, sigma^2 - sigma_y^2 / s^2) where s sigma > sigma_y, else N(0, sigma^2); the last step
// gives x0. eta = 0.85 and eta_b = 1, as there; singular values below 0.03 count as 0. The noise
// levels fall from 20 to 0.01 in equal ratios, in the normalised units of a prior with unit
// variance.
// Where D is the identity its coefficients are pixels, and sigma_y may be another at each. In a
// mirrored margin (Restorer) the noise is mirrored, too, and so not independent of that inside.
//
// It is no exact sampler: for the Gaussian field of the tests and 20 steps the mean of its samples
// errs 1.34 times the least possible mean square, and their variance is 0.27 of the posterior's.
#pragma once

#include <memory>

#include "core/sampling/sampler.h"

namespace posteria::sampling {

std::unique_ptr<const Sampler> makeDdrm(const SamplerOptions& options);

// The noise level before step i of n, i = 0 … n - 1.
double ddrmNoiseLevel(int i, int n);

}  // namespace posteria::sampling
