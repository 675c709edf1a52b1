// A ladder variational autoencoder (Sonderby et al. 2016) that learns to denoise from noisy images
// alone, as HDN does (Prakash et al. 2022): the noisy image y is input and target, the decoder
// answers the clean image s, and the likelihood p(y | s) is the camera's (noise_model.h). Latents
// drawn from q(z | y) and decoded are samples of the posterior p(s | y).
//
// Level l = 0 … levels - 1 holds normal latents at 1/(fold 2^l) of the resolution, with
//     q(z | y) = prod_l q(z_l | z_>l, y),   p(z) = prod_l p(z_l | z_>l).
// Upward, residual blocks and a convolution of stride 2 a level turn y into features. Downward, the
// features of the levels above give p(z_l); merged with the upward ones of that level they give
// what y adds to p's mean and log-variance, and so q(z_l) (after Vahdat & Kautz 2020, section 3.2);
// the latents are merged into the features and go on. y reaches s through the latents alone.
//
// y, s: [N, C, H, W] in normalised units (model.h), any H, W: padded by reflection to the
// granularity and cropped again. Norms act over the channels of one pixel, so a value depends on
// its neighbourhood alone: with the default shape, on at most 268 pixels to each side. One ladder
// is used by one thread at a time.
//
// The default shape has 0.94 million weights; 2.8 billion multiply-adds take 8 images of 64 x 64
// through it, a training step on them three times as many, most of them at 1/fold of the
// resolution.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "core/nn/network.h"
#include "core/nn/noise_model.h"

namespace posteria::nn {

struct LadderShape {
    int channels = 1;
    int levels = 4;
    int latents = 16;  // channels of each level's latents
    int filters = 48;  // channels of every feature map
    int blocks = 1;    // residual blocks a level, upward and downward each
    int fold = 2;      // pixels folded into channels before the first level: 1, 2 or 4
};

class LadderVae {
  public:
    struct Terms {
        at::Tensor clean;  // s decoded from one draw of the latents, [N, C, H, W]
        // KL(q || p) of each level at that draw, finest first, [levels]: nats a value, which is to
        // say summed over a level's latents, averaged over the images, and divided by the C H W
        // values of a (padded) image. 0 or more.
        at::Tensor kl;
    };

    // Fresh weights, drawn from the seed. Throws Error{Model} for a shape that is none.
    LadderVae(const LadderShape& shape, std::uint64_t seed);
    ~LadderVae();
    LadderVae(LadderVae&&) noexcept;

    const LadderShape& shape() const { return m_shape; }

    // With gradients, the latents by reparameterisation: z = mean + deviation * noise.
    Terms forward(const at::Tensor& y, at::Generator& generator);
    // One sample of p(s | y), [N, C, H, W], without gradients.
    at::Tensor sample(const at::Tensor& y, at::Generator& generator) const;
    // The same from given standard normal fields, finest level first, in the shapes of
    // noiseShapes(). A tile whose corner lies at multiples of the granularity, given the part of
    // each whole field that begins at corner / (fold 2^l), agrees with the whole image where its
    // border is out of reach. Throws Error{Failed} for fields of other shapes.
    at::Tensor sample(const at::Tensor& y, const std::vector<at::Tensor>& noise) const;
    // [images, latents, h, w] of each level for images of any size, finest first: the order in
    // which a generator draws them.
    std::vector<std::vector<std::int64_t>> noiseShapes(std::int64_t height, std::int64_t width,
                                                       std::int64_t images = 1) const;

    // As Network's.
    NamedTensors weights() const;
    void setWeights(const NamedTensors& weights);
    std::int64_t weightCount() const;
    std::int64_t granularity() const;  // fold 2^(levels - 1) pixels
    void to(const c10::Device& device, at::ScalarType type);
    void setTraining(bool training);

  private:
    struct Impl;
    LadderShape m_shape;
    std::unique_ptr<Impl> m_impl;
};

// KL(N(meanQ, e^logVarQ) || N(meanP, e^logVarP)) of each element, nats: exactly 0 for equal ones.
//     (e^d - 1 - d + (meanQ - meanP)^2 e^-logVarP) / 2,   d = logVarQ - logVarP
at::Tensor gaussianKl(const at::Tensor& meanQ, const at::Tensor& logVarQ, const at::Tensor& meanP,
                      const at::Tensor& logVarP);

// What training minimises, the negative evidence lower bound in nats a value (so that it does not
// hang on the size of the crops), a tensor without axes:
//     -log p(y | s) / (C H W) + sum over levels of max(KL_l, freeBits / (C H W)).
// freeBits, in nats an image and level (HDN: 1), are not charged, so that a level is not given up
// before it is of use; the maximum is of the batch's average. With freeBits = 0 it is the bound.
// The images' noise models are rows of noiseModels().
at::Tensor negativeElbo(const at::Tensor& y, const LadderVae::Terms& terms,
                        const at::Tensor& models, double freeBits);
at::Tensor negativeElbo(const at::Tensor& y, const LadderVae::Terms& terms, const NoiseModel& model,
                        double freeBits);

}  // namespace posteria::nn
