#include "core/nn/network.h"

#include "core/base/error.h"
#include "core/nn/unet.h"
#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"

namespace posteria::nn {

struct Network::Impl {
    UNet net{nullptr};
};

namespace {

// LibTorch draws initial weights from the global generator: they are drawn again from our own, with
// the same law (uniform within 1/sqrt(fan in)); what was set to zero stays zero.
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

}  // namespace

Network::Network(const package::NetworkSpec& spec, std::uint64_t seed)
    : m_spec(spec), m_impl(std::make_unique<Impl>()) {
    if (spec.architecture != "unet") {
        throw Error(ErrorKind::Model, "The architecture '" + spec.architecture + "' is not known.",
                    spec.file, "A newer version of Posteria may read this model.");
    }
    m_impl->net =
        UNet(UNetShape{spec.widths, spec.fold, spec.inChannels, spec.outChannels, spec.conditions});
    initialise(*m_impl->net, seed);
    to(c10::Device(c10::kCPU), at::kFloat);
}

Network::~Network() = default;
Network::Network(Network&&) noexcept = default;

at::Tensor Network::forward(const at::Tensor& x, const at::Tensor& conditions) const {
    const auto step = m_impl->net->granularity();
    const auto height = x.size(2), width = x.size(3);
    const auto below = (step - height % step) % step, right = (step - width % step) % step;
    if (below == 0 && right == 0) return m_impl->net->forward(x, conditions);
    // Reflection needs more pixels than it adds; images thinner than that repeat their edge.
    namespace F = torch::nn::functional;
    F::PadFuncOptions options({0, right, 0, below});
    if (below < height && right < width) {
        options.mode(torch::kReflect);
    } else {
        options.mode(torch::kReplicate);
    }
    const at::Tensor padded = F::pad(x, options);
    return m_impl->net->forward(padded, conditions).slice(2, 0, height).slice(3, 0, width);
}

NamedTensors Network::weights() const {
    NamedTensors result;
    for (const auto& item : m_impl->net->named_parameters())
        result.emplace(item.key(), item.value());
    return result;
}

void Network::setWeights(const NamedTensors& weights) {
    torch::NoGradGuard guard;
    const auto own = this->weights();
    for (const auto& [name, tensor] : weights) {
        if (own.find(name) == own.end()) {
            throw Error(
                ErrorKind::Model, "The weights hold a tensor that the network lacks: " + name + ".",
                m_spec.file, "The package's widths and its weights do not belong together.");
        }
    }
    for (const auto& [name, tensor] : own) {
        const auto found = weights.find(name);
        if (found == weights.end() || found->second.sizes() != tensor.sizes()) {
            throw Error(ErrorKind::Model,
                        "The weights lack the tensor " + name + " in the network's shape.",
                        m_spec.file,
                        "The package's widths and its weights do not belong together.");
        }
        at::Tensor target = tensor;
        target.copy_(found->second);
    }
}

std::int64_t Network::weightCount() const {
    std::int64_t count = 0;
    for (const auto& [name, tensor] : weights())
        count += tensor.numel();
    return count;
}

std::int64_t Network::granularity() const {
    return m_impl->net->granularity();
}

void Network::to(const c10::Device& device, at::ScalarType type) {
    torch::NoGradGuard guard;
    m_impl->net->to(device);
    for (auto& module : m_impl->net->modules(false)) {
        auto* layer = module->as<torch::nn::Conv2d>();
        if (!layer) continue;
        layer->weight.set_data(
            layer->weight.data().to(type).contiguous(at::MemoryFormat::ChannelsLast));
        layer->bias.set_data(layer->bias.data().to(type));
    }
}

void Network::setTraining(bool training) {
    m_impl->net->train(training);
    for (auto& parameter : m_impl->net->parameters())
        parameter.set_requires_grad(training);
}

}  // namespace posteria::nn
