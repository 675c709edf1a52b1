#include "core/nn/ladder.h"

#include <string>

#include "core/nn/layers.h"

namespace posteria::nn {

namespace {

// Deviations stay between e^-3.5 and e^3.5: nothing overflows, and no latent is all but exact.
constexpr double kLogVarianceBound = 7;

at::Tensor softlyClamped(const at::Tensor& logVariance) {
    return kLogVarianceBound * at::tanh(logVariance / kLogVarianceBound);
}

// A block without conditions: its scale and shift hang on a constant.
at::Tensor through(ResidualBlock& block, const at::Tensor& x) {
    return block->forward(x, x.new_ones({1, 1}));
}

at::Tensor through(std::vector<ResidualBlock>& blocks, at::Tensor x) {
    for (auto& block : blocks)
        x = through(block, x);
    return x;
}

}  // namespace

LatentHeadImpl::LatentHeadImpl(int filters, int latents)
    : m_norm(register_module("norm", PixelNorm(filters))),
      m_out(register_module("out", convolution(filters, 2 * latents, 3))) {}

at::Tensor LatentHeadImpl::forward(const at::Tensor& x) {
    return convolve(m_out, at::silu(m_norm->forward(x)));
}

void LatentHeadImpl::startAtZero() {
    torch::nn::init::zeros_(m_out->weight);
    torch::nn::init::zeros_(m_out->bias);
}

RungImpl::RungImpl(const LadderShape& shape, bool bottom, bool top) {
    const int f = shape.filters;
    for (int i = 0; i < shape.blocks; ++i) {
        const auto number = std::to_string(i);
        m_up.push_back(register_module("up" + number, ResidualBlock(f, f, 1)));
        m_down.push_back(register_module("down" + number, ResidualBlock(f, f, 1)));
    }
    if (!bottom) m_expand = register_module("expand", convolution(f, f, 1));
    m_posterior = register_module("posterior", LatentHead(f, shape.latents));
    m_latents = register_module("latents", convolution(shape.latents, f, 3));
    if (top) {
        m_constant = register_parameter("prior", torch::zeros({1, 2 * shape.latents, 1, 1}));
        return;
    }
    m_reduce = register_module("reduce", convolution(f, f, 3, 2));
    m_merge = register_module("merge", ResidualBlock(2 * f, f, 1));
    m_prior = register_module("prior", LatentHead(f, shape.latents));
    m_prior->startAtZero();  // the standard normal law
    m_skip = register_module("skip", ResidualBlock(2 * f, f, 1));
}

at::Tensor RungImpl::up(const at::Tensor& x) {
    return through(m_up, x);
}

at::Tensor RungImpl::reduced(const at::Tensor& x) {
    return convolve(m_reduce, x);
}

RungImpl::Step RungImpl::down(const at::Tensor& above, const at::Tensor& image,
                              const at::Tensor& noise, bool withKl) {
    const bool top = !above.defined();
    const at::Tensor prior = top ? m_constant : m_prior->forward(above);
    const at::Tensor seen = top ? image : through(m_merge, at::cat({image, above}, 1));
    const auto p = prior.chunk(2, 1);
    const auto q = (prior + m_posterior->forward(seen)).chunk(2, 1);
    const at::Tensor logVariance = softlyClamped(q[1]);
    const at::Tensor z = q[0] + at::exp(0.5 * logVariance) * noise;
    at::Tensor x = convolve(m_latents, z);
    if (!top) x = through(m_skip, at::cat({above, x}, 1));
    Step step{through(m_down, x), {}};
    if (withKl) step.kl = gaussianKl(q[0], logVariance, p[0], softlyClamped(p[1]));
    return step;
}

at::Tensor RungImpl::expanded(const at::Tensor& x) {
    return at::upsample_nearest2d(convolve(m_expand, x), {2 * x.size(2), 2 * x.size(3)});
}

LadderImpl::LadderImpl(const LadderShape& shape) : m_fold(shape.fold) {
    const int folded = shape.channels * shape.fold * shape.fold;
    m_stem = register_module("stem", convolution(folded, shape.filters, 3));
    for (int l = 0; l < shape.levels; ++l) {
        m_rungs.push_back(register_module("level" + std::to_string(l),
                                          Rung(shape, l == 0, l == shape.levels - 1)));
    }
    m_headNorm = register_module("head_norm", PixelNorm(shape.filters));
    m_head = register_module("head", convolution(shape.filters, folded, 3));
    torch::nn::init::zeros_(m_head->weight);
    torch::nn::init::zeros_(m_head->bias);
}

LadderVae::Terms LadderImpl::forward(const at::Tensor& y, const std::vector<at::Tensor>& noise,
                                     bool withKl) {
    at::Tensor x = m_fold > 1 ? at::pixel_unshuffle(y, m_fold) : y;
    x = convolve(m_stem, x.contiguous(at::MemoryFormat::ChannelsLast));
    std::vector<at::Tensor> image, kl(m_rungs.size());
    for (auto& rung : m_rungs) {
        image.push_back(rung->up(x));
        if (image.size() < m_rungs.size()) x = rung->reduced(image.back());
    }
    at::Tensor features;
    for (std::size_t l = m_rungs.size(); l-- > 0;) {
        const auto step = m_rungs[l]->down(features, image[l], noise[l], withKl);
        features = l > 0 ? m_rungs[l]->expanded(step.features) : step.features;
        if (withKl) kl[l] = step.kl.sum() / static_cast<double>(y.numel());
    }
    x = convolve(m_head, at::silu(m_headNorm->forward(features)));
    return {m_fold > 1 ? at::pixel_shuffle(x, m_fold) : x,
            withKl ? at::stack(kl) : x.new_empty({0})};
}

}  // namespace posteria::nn
