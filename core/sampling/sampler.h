// Samplers: from a degraded image and noise to one posterior sample. They know nothing of networks,
// tiles or grey values: what they ask for is a Restorer, three functions that a trained model
// answers, or a closed form in the tests. y is [N, Cy, H, W], what is known of the image;
// states are [N, C, H, W].
//
// - oneshot: x = E[x | y], no noise.
// - cfm-euler, cfm-heun: dx/dtau = v(x, y, tau) from noise (tau 0) to a clean image (tau 1), guided
//   conditional flow matching (Lipman et al. 2023), first and second order.
// - indi: x_{t-d} = (d/t) F(x_t, t) + (1 - d/t) x_t from x_1 = y + eps n, noise at the start only
//   (Delbracio & Milanfar 2023, alg. 1, constant eps).
// - indi-brownian: the same with eps_t = eps / sqrt(t), which adds eps sqrt((t-d) d/t) z at every
//   step.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace posteria::sampling {

struct Restorer {
    std::function<at::Tensor(const at::Tensor& y)> mean;  // E[x | y]
    std::function<at::Tensor(const at::Tensor& x, const at::Tensor& y, double tau)> velocity;
    std::function<at::Tensor(const at::Tensor& xt, double t)> restore;  // E[x | x_t]
    // Given the guide alone the flow's end has mean zero, so that v = -x at tau = 0: no call is
    // made.
    bool centred = false;
    int channels = 1;  // C
};

// The i-th standard normal field of a sample, of the state's shape.
using NoiseSource = std::function<at::Tensor(int i)>;

struct SamplerOptions {
    std::string name;  // as in the contract
    int steps = 1;
    double indiNoise = 0.01;  // eps, normalised units
};

class Sampler {
  public:
    virtual ~Sampler() = default;
    virtual int networkCalls(bool centred) const = 0;  // a sample
    virtual int noiseFields() const = 0;               // a sample; 0: all samples are equal
    virtual at::Tensor draw(const at::Tensor& y, const NoiseSource& noise,
                            const Restorer& restorer) const = 0;
};

// Throws Error{Usage} for a name that is not known or for steps < 1.
std::unique_ptr<const Sampler> makeSampler(const SamplerOptions& options);
// The role of the network that a sampler calls: "oneshot", "velocity", "indi".
std::string networkRole(const std::string& samplerName);

}  // namespace posteria::sampling
