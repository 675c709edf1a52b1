// Restoration step by step: from x_1 = y at severity 1 every step takes x_t to x_{t-d}, d one part
// of the steps, by way of an estimate x0 = R(x_t, y, t) of the clean image. With D(x0, y, t) the
// clean image degraded again to t, D(x0, y, 0) = x0:
// - indi:          x_{t-d} = (d / t) x0 + (1 - d / t) x_t, from x_1 = y + eps n
//                  (Delbracio & Milanfar 2023, alg. 1, constant eps);
// - indi-brownian: the same with eps_t = eps / sqrt(t): + eps sqrt((t - d) d / t) n at every step;
// - cold-naive:    x_{t-d} = D(x0, y, t - d)                   (Bansal et al. 2022, alg. 1);
// - cold-unconditional: the same with D(x0, t), which is not told y;
// - cold-improved: x_{t-d} = x_t - D(x0, y, t) + D(x0, y, t - d)              (the same, alg. 2);
// - blend:         x_{t-d} = a D(x0, y, t - d) + (1 - a) x_t, the last step x0 alone.
// Where D(x, y, t) = (1 - t) x + t y they are the same but for x_t's distance from that line.
#pragma once

#include <memory>

#include "core/sampling/sampler.h"

namespace posteria::sampling {

// None when the name is that of another kind of sampler.
std::unique_ptr<const Sampler> makeStepwise(const SamplerOptions& options);

}  // namespace posteria::sampling
