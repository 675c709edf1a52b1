// What the networks of this folder share; private to it. Images are [N, C, H, W], channels-last.
#pragma once

#include <cstdint>

#include "core/nn/network.h"
#include "core/tensor/torch_compat.h"

namespace posteria::nn {

// Same size in and out (halved at stride 2); `side` is odd.
torch::nn::Conv2d convolution(int in, int out, int side, int stride = 1);
// A convolution in the type of its weights: the rest of a network stays in float32.
at::Tensor convolve(torch::nn::Conv2d& layer, const at::Tensor& x);

// Rows below and columns to the right, until both sides are multiples of `step`: by reflection, or
// by repeating the edge where an image is too thin to be reflected.
at::Tensor paddedTo(const at::Tensor& x, std::int64_t step);

// LibTorch draws initial weights from the global generator: they are drawn again from our own, with
// the same law (uniform within 1/sqrt(fan in)); what was set to zero stays zero.
void initialise(torch::nn::Module& module, std::uint64_t seed);

// The contracts of Network's functions; `where` is the file that an error names.
NamedTensors weightsOf(const torch::nn::Module& module);
void setWeightsOf(torch::nn::Module& module, const NamedTensors& weights, const std::string& where);
std::int64_t countOf(const NamedTensors& weights);
void moveTo(torch::nn::Module& module, const c10::Device& device, at::ScalarType type);
void setTrainingOf(torch::nn::Module& module, bool training);

}  // namespace posteria::nn
