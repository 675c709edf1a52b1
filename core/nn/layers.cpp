#include "core/nn/layers.h"

#include <cmath>

#include "core/base/error.h"
#include "core/tensor/random.h"

namespace posteria::nn {

torch::nn::Conv2d convolution(int in, int out, int side, int stride) {
    return torch::nn::Conv2d(
        torch::nn::Conv2dOptions(in, out, side).padding(side / 2).stride(stride));
}

at::Tensor convolve(torch::nn::Conv2d& layer, const at::Tensor& x) {
    const auto type = layer->weight.scalar_type();
    return layer->forward(x.to(type)).to(at::kFloat);
}

at::Tensor paddedTo(const at::Tensor& x, std::int64_t step) {
    const auto height = x.size(2), width = x.size(3);
    const auto below = (step - height % step) % step, right = (step - width % step) % step;
    if (below == 0 && right == 0) return x;
    // Reflection needs more pixels than it adds.
    namespace F = torch::nn::functional;
    F::PadFuncOptions options({0, right, 0, below});
    if (below < height && right < width) {
        options.mode(torch::kReflect);
    } else {
        options.mode(torch::kReplicate);
    }
    return F::pad(x, options);
}

void initialise(torch::nn::Module& module, std::uint64_t seed) {
    torch::NoGradGuard guard;
    auto generator = tensor::makeGenerator(seed, 0x1217);
    for (const auto& item : module.named_parameters()) {
        at::Tensor weight = item.value();
        if (item.key().find("norm") != std::string::npos || weight.abs().max().item<float>() == 0)
            continue;
        const double fanIn = weight.dim() > 1 ? static_cast<double>(weight[0].numel()) : 0;
        if (fanIn == 0) {
            weight.zero_();
        } else {
            const double bound = 1.0 / std::sqrt(fanIn);
            weight.uniform_(-bound, bound, generator);
        }
    }
}

NamedTensors weightsOf(const torch::nn::Module& module) {
    NamedTensors result;
    for (const auto& item : module.named_parameters())
        result.emplace(item.key(), item.value());
    return result;
}

void setWeightsOf(torch::nn::Module& module, const NamedTensors& weights,
                  const std::string& where) {
    torch::NoGradGuard guard;
    const auto own = weightsOf(module);
    for (const auto& [name, tensor] : weights) {
        if (own.find(name) == own.end()) {
            throw Error(ErrorKind::Model,
                        "The weights hold a tensor that the network lacks: " + name + ".", where,
                        "The package's widths and its weights do not belong together.");
        }
    }
    for (const auto& [name, tensor] : own) {
        const auto found = weights.find(name);
        if (found == weights.end() || found->second.sizes() != tensor.sizes()) {
            throw Error(ErrorKind::Model,
                        "The weights lack the tensor " + name + " in the network's shape.", where,
                        "The package's widths and its weights do not belong together.");
        }
        at::Tensor target = tensor;
        target.copy_(found->second);
    }
}

std::int64_t countOf(const NamedTensors& weights) {
    std::int64_t count = 0;
    for (const auto& [name, tensor] : weights)
        count += tensor.numel();
    return count;
}

void moveTo(torch::nn::Module& module, const c10::Device& device, at::ScalarType type) {
    torch::NoGradGuard guard;
    module.to(device);
    for (auto& child : module.modules(false)) {
        auto* layer = child->as<torch::nn::Conv2d>();
        if (!layer) continue;
        layer->weight.set_data(
            layer->weight.data().to(type).contiguous(at::MemoryFormat::ChannelsLast));
        layer->bias.set_data(layer->bias.data().to(type));
    }
}

void setTrainingOf(torch::nn::Module& module, bool training) {
    module.train(training);
    for (auto& parameter : module.parameters())
        parameter.set_requires_grad(training);
}

}  // namespace posteria::nn
