// A network as samplers and training see it: a function of an image and a few scalar conditions.
// x is [N, C, H, W] (any H, W: padded by reflection to what the levels need and cropped again);
// conditions are [N, K] float32, each in 0 … 1 (flow time, severity). One network is used by one
// thread at a time. Values are normalised units; see model.h.
//
// The architecture "unet": residual blocks, one or more levels, the first of them at
// 1/fold of the resolution (pixels folded into channels), conditions by feature-wise scale and
// shift (FiLM, Perez et al. 2018). Norms act over the channels of one pixel, so that a value
// depends on its neighbourhood alone and not on the size or the content of the rest of the tile.
// The architecture "ladder" is a ladder variational autoencoder (ladder_vae.h): it has no forward()
// but draws samples.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/package/model_package.h"

namespace posteria::nn {

class LadderVae;
using NamedTensors = std::map<std::string, at::Tensor>;

class Network {
  public:
    // Fresh weights, drawn from the seed. Throws Error{Model} for an architecture it does not know.
    Network(const package::NetworkSpec& spec, std::uint64_t seed);
    ~Network();
    Network(Network&&) noexcept;

    const package::NetworkSpec& spec() const { return m_spec; }
    at::Tensor forward(const at::Tensor& x, const at::Tensor& conditions) const;
    // The autoencoder of the architecture "ladder". Throws Error{Model} for another one.
    LadderVae& ladder() const;

    NamedTensors weights() const;  // shares memory with the network
    // Copies values in, converting to the network's type. Throws Error{Model} naming the first
    // tensor that is missing, unknown or of another shape.
    void setWeights(const NamedTensors& weights);
    std::int64_t weightCount() const;
    // Shifting an image by a multiple of this many pixels shifts the answer, and does nothing else.
    std::int64_t granularity() const;

    // Convolutions in `type` (float32, bfloat16, float16), norms and sums in float32.
    void to(const c10::Device& device, at::ScalarType type);
    void setTraining(bool training);

  private:
    struct Impl;
    package::NetworkSpec m_spec;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace posteria::nn
