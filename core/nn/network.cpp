#include "core/nn/network.h"

#include "core/base/error.h"
#include "core/nn/ladder_vae.h"
#include "core/nn/layers.h"
#include "core/nn/unet.h"

namespace posteria::nn {

// One of the two.
struct Network::Impl {
    UNet net{nullptr};
    std::unique_ptr<LadderVae> ladder;
};

Network::Network(const package::NetworkSpec& spec, std::uint64_t seed)
    : m_spec(spec), m_impl(std::make_unique<Impl>()) {
    if (spec.architecture == "ladder") {
        LadderShape shape;
        shape.channels = spec.inChannels;
        shape.levels = static_cast<int>(spec.widths.size());
        shape.latents = spec.latents;
        shape.filters = spec.widths.front();
        shape.blocks = spec.blocks;
        shape.fold = spec.fold;
        m_impl->ladder = std::make_unique<LadderVae>(shape, seed);
        return;
    }
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
    if (m_impl->ladder) {
        throw Error(ErrorKind::Model, "The network '" + m_spec.role + "' only draws samples.",
                    m_spec.file, "Get the model again or ask its author.");
    }
    const at::Tensor padded = paddedTo(x, granularity());
    return m_impl->net->forward(padded, conditions).slice(2, 0, x.size(2)).slice(3, 0, x.size(3));
}

LadderVae& Network::ladder() const {
    if (!m_impl->ladder) {
        throw Error(ErrorKind::Model, "The network '" + m_spec.role + "' is no ladder.",
                    m_spec.file, "Get the model again or ask its author.");
    }
    return *m_impl->ladder;
}

NamedTensors Network::weights() const {
    return m_impl->ladder ? m_impl->ladder->weights() : weightsOf(*m_impl->net);
}

void Network::setWeights(const NamedTensors& weights) {
    if (m_impl->ladder) return m_impl->ladder->setWeights(weights);
    setWeightsOf(*m_impl->net, weights, m_spec.file);
}

std::int64_t Network::weightCount() const {
    return countOf(weights());
}

std::int64_t Network::granularity() const {
    return m_impl->ladder ? m_impl->ladder->granularity() : m_impl->net->granularity();
}

void Network::to(const c10::Device& device, at::ScalarType type) {
    if (m_impl->ladder) return m_impl->ladder->to(device, type);
    moveTo(*m_impl->net, device, type);
}

void Network::setTraining(bool training) {
    if (m_impl->ladder) return m_impl->ladder->setTraining(training);
    setTrainingOf(*m_impl->net, training);
}

}  // namespace posteria::nn
