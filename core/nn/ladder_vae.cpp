#include "core/nn/ladder_vae.h"

#include "core/base/error.h"
#include "core/nn/ladder.h"
#include "core/nn/layers.h"
#include "core/tensor/random.h"

namespace posteria::nn {

namespace {

std::vector<at::Tensor> drawn(const std::vector<std::vector<std::int64_t>>& shapes,
                              at::Generator& generator) {
    std::vector<at::Tensor> noise;
    for (const auto& shape : shapes)
        noise.push_back(tensor::normal(shape, generator));
    return noise;
}

bool allAtLeastOne(const LadderShape& s) {
    return s.channels > 0 && s.levels > 0 && s.latents > 0 && s.filters > 0 && s.blocks > 0;
}

}  // namespace

struct LadderVae::Impl {
    Ladder net{nullptr};

    Terms forward(const at::Tensor& y, const std::vector<at::Tensor>& noise, std::int64_t step,
                  bool withKl) {
        std::vector<at::Tensor> fields;
        for (const auto& field : noise)
            fields.push_back(field.to(y.device()));
        Terms terms = net->forward(paddedTo(y, step), fields, withKl);
        terms.clean = terms.clean.slice(2, 0, y.size(2)).slice(3, 0, y.size(3));
        return terms;
    }
};

LadderVae::LadderVae(const LadderShape& shape, std::uint64_t seed)
    : m_shape(shape), m_impl(std::make_unique<Impl>()) {
    if (!allAtLeastOne(shape) || shape.levels > 8 ||
        (shape.fold != 1 && shape.fold != 2 && shape.fold != 4)) {
        throw Error(ErrorKind::Model,
                    "A ladder needs 1 to 8 levels, at least one channel, latent, filter and block, "
                    "and a fold of 1, 2 or 4.");
    }
    m_impl->net = Ladder(shape);
    initialise(*m_impl->net, seed);
    to(c10::Device(c10::kCPU), at::kFloat);
}

LadderVae::~LadderVae() = default;
LadderVae::LadderVae(LadderVae&&) noexcept = default;

LadderVae::Terms LadderVae::forward(const at::Tensor& y, at::Generator& generator) {
    const auto noise = drawn(noiseShapes(y.size(2), y.size(3), y.size(0)), generator);
    return m_impl->forward(y, noise, granularity(), true);
}

at::Tensor LadderVae::sample(const at::Tensor& y, at::Generator& generator) const {
    return sample(y, drawn(noiseShapes(y.size(2), y.size(3), y.size(0)), generator));
}

at::Tensor LadderVae::sample(const at::Tensor& y, const std::vector<at::Tensor>& noise) const {
    torch::NoGradGuard guard;
    const auto shapes = noiseShapes(y.size(2), y.size(3), y.size(0));
    bool fits = noise.size() == shapes.size();
    for (std::size_t l = 0; fits && l < shapes.size(); ++l)
        fits = noise[l].sizes() == at::IntArrayRef(shapes[l]);
    if (!fits)
        throw Error(ErrorKind::Failed, "The noise fields do not fit the image and the ladder.");
    return m_impl->forward(y, noise, granularity(), false).clean;
}

std::vector<std::vector<std::int64_t>> LadderVae::noiseShapes(std::int64_t height,
                                                              std::int64_t width,
                                                              std::int64_t images) const {
    const auto step = granularity();
    std::vector<std::vector<std::int64_t>> shapes;
    for (int l = 0; l < m_shape.levels; ++l) {
        const auto side = static_cast<std::int64_t>(m_shape.fold) << l;
        shapes.push_back({images, m_shape.latents, (height + step - 1) / step * step / side,
                          (width + step - 1) / step * step / side});
    }
    return shapes;
}

NamedTensors LadderVae::weights() const {
    return weightsOf(*m_impl->net);
}

void LadderVae::setWeights(const NamedTensors& weights) {
    setWeightsOf(*m_impl->net, weights, {});
}

std::int64_t LadderVae::weightCount() const {
    return countOf(weights());
}

std::int64_t LadderVae::granularity() const {
    return static_cast<std::int64_t>(m_shape.fold) << (m_shape.levels - 1);
}

void LadderVae::to(const c10::Device& device, at::ScalarType type) {
    moveTo(*m_impl->net, device, type);
}

void LadderVae::setTraining(bool training) {
    setTrainingOf(*m_impl->net, training);
}

at::Tensor gaussianKl(const at::Tensor& meanQ, const at::Tensor& logVarQ, const at::Tensor& meanP,
                      const at::Tensor& logVarP) {
    const at::Tensor d = logVarQ - logVarP;
    return 0.5 * (at::expm1(d) - d + (meanQ - meanP).square() * at::exp(-logVarP));
}

at::Tensor negativeElbo(const at::Tensor& y, const LadderVae::Terms& terms,
                        const at::Tensor& models, double freeBits) {
    const double values = static_cast<double>(y.numel() / y.size(0));
    return negativeLogLikelihood(y, terms.clean, models) +
           terms.kl.clamp_min(freeBits / values).sum();
}

at::Tensor negativeElbo(const at::Tensor& y, const LadderVae::Terms& terms, const NoiseModel& model,
                        double freeBits) {
    return negativeElbo(y, terms, noiseModels({model}), freeBits);
}

}  // namespace posteria::nn
