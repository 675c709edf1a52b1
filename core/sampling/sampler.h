// Samplers: from a degraded image and noise to one posterior sample. They know nothing of networks,
// tiles or grey values: what they ask for is a Restorer, functions that a trained model
// answers, or a closed form in the tests. y is [N, Cy, H, W], what is known of the image;
// states are [N, C, H, W].
//
// - oneshot: x = E[x | y], no noise.
// - cfm-euler, cfm-heun: dx/dtau = v(x, y, tau) from noise (tau 0) to a clean image (tau 1), guided
//   conditional flow matching (Lipman et al. 2023), first and second order.
// - indi, indi-brownian, cold-naive, cold-unconditional, cold-improved, blend: step by step from
//   the degraded image to a clean one (stepwise.h).
// - ddrm: from noise, by a prior and the degradation's singular values (ddrm.h).
// - hdn: decoded from latents drawn given y.
// - richardson-lucy, wiener, nnls: without a network, one answer (classical.h).
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/physics/degradation.h"

namespace posteria::sampling {

struct Restorer {
    std::function<at::Tensor(const at::Tensor& y)> mean;  // E[x | y]
    std::function<at::Tensor(const at::Tensor& x, const at::Tensor& y, double tau)> velocity;
    // E[x | x_t], of a severity t; it may look at y, too.
    std::function<at::Tensor(const at::Tensor& xt, const at::Tensor& y, double t)> restore;
    // A clean image degraded again to a severity t > 0, as y is to 1; y undefined: without it.
    std::function<at::Tensor(const at::Tensor& x, const at::Tensor& y, double t)> degrade;
    // E[x | x + sigma n], n white with unit variance, whatever y is.
    std::function<at::Tensor(const at::Tensor& x, double sigma)> denoise;
    // A sample from standard normal latents, finest level first; their shapes are the model's.
    std::function<at::Tensor(const at::Tensor& y, const std::vector<at::Tensor>& noise)> decode;
    // What made y of x, and the standard deviation of y's independent noise: one value or, where
    // the degradation's coefficients are pixels, one a pixel.
    const physics::Degradation* degradation = nullptr;
    double severity = 1;
    std::function<at::Tensor(const at::Tensor& y)> noise;
    // Pixels that y is continued by on every side, mirrored, so that a periodic degradation does
    // not bring one border in at the other.
    std::int64_t margin = 0;
    // Through which the restored image is looked at again; none: as it is.
    const physics::Degradation* view = nullptr;
    at::Tensor matrix;           // [D, C], y of x pixel by pixel
    std::function<void()> poll;  // called between iterations without a network call; it may throw
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
    double blend = 0.5;       // a, of the sampler blend
    int latentLevels = 1;     // of the sampler hdn
    // Step by step alone: the sample is followed by x_t and x0 of every step, C channels each.
    bool trace = false;
};

class Sampler {
  public:
    virtual ~Sampler() = default;
    virtual int networkCalls(bool centred) const = 0;  // a sample
    virtual int noiseFields() const = 0;               // a sample; 0: all samples are equal
    // [N, C, H, W], or [N, C (1 + 2 steps), H, W] of one that was asked for its trace.
    virtual at::Tensor draw(const at::Tensor& y, const NoiseSource& noise,
                            const Restorer& restorer) const = 0;
};

// Throws Error{Usage} for a name that is not known or for steps < 1.
std::unique_ptr<const Sampler> makeSampler(const SamplerOptions& options);
// The roles of the networks that a sampler calls, the first of them first: "oneshot", "velocity",
// "indi", "restore", "degrade", "degrade-alone", "prior", "hdn". None of a classical sampler.
std::vector<std::string> networkRoles(const std::string& samplerName);
std::string networkRole(const std::string& samplerName);  // the first; empty where there is none
bool canTrace(const std::string& samplerName);            // goes step by step

}  // namespace posteria::sampling
