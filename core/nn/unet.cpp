#include "core/nn/unet.h"

#include <cmath>

#include "core/nn/layers.h"

namespace posteria::nn {

namespace {

constexpr int kEmbedding = 96;
constexpr int kFrequencies = 8;  // sine and cosine features a condition

at::Tensor normalised(const at::Tensor& x) {
    // A channels-last tensor seen as N H W C is contiguous: the fast path of layer_norm.
    return at::layer_norm(x.permute({0, 2, 3, 1}), {x.size(1)}).permute({0, 3, 1, 2});
}

}  // namespace

PixelNormImpl::PixelNormImpl(int channels)
    : m_scale(register_parameter("scale", torch::ones({channels}))),
      m_shift(register_parameter("shift", torch::zeros({channels}))) {}

at::Tensor PixelNormImpl::forward(const at::Tensor& x) {
    return at::layer_norm(x.permute({0, 2, 3, 1}), {x.size(1)}, m_scale, m_shift)
        .permute({0, 3, 1, 2});
}

ResidualBlockImpl::ResidualBlockImpl(int in, int out, int embedding)
    : m_norm(register_module("norm", PixelNorm(in))),
      m_first(register_module("first", convolution(in, out, 3))),
      m_second(register_module("second", convolution(out, out, 3))),
      m_film(register_module("film", torch::nn::Linear(embedding, 2 * out))) {
    if (in != out) m_shortcut = register_module("shortcut", convolution(in, out, 1));
    // A block starts as its shortcut: deep stacks then train from the first step.
    torch::nn::init::zeros_(m_second->weight);
    torch::nn::init::zeros_(m_second->bias);
    torch::nn::init::zeros_(m_film->weight);
    torch::nn::init::zeros_(m_film->bias);
}

at::Tensor ResidualBlockImpl::forward(const at::Tensor& x, const at::Tensor& embedding) {
    at::Tensor h = convolve(m_first, at::silu(m_norm->forward(x)));
    const auto film = m_film->forward(embedding).unsqueeze(-1).unsqueeze(-1).chunk(2, 1);
    h = at::addcmul(film[1], normalised(h), film[0] + 1);
    h = convolve(m_second, at::silu(h));
    return h + (m_shortcut ? convolve(m_shortcut, x) : x);
}

UNetImpl::UNetImpl(const UNetShape& shape) : m_shape(shape) {
    const auto& widths = m_shape.widths;
    const int folded = m_shape.fold * m_shape.fold;
    const int last = static_cast<int>(widths.size()) - 1;
    m_embedIn = register_module(
        "embed_in",
        torch::nn::Linear(std::max(1, m_shape.conditions * 2 * kFrequencies), kEmbedding));
    m_embedOut = register_module("embed_out", torch::nn::Linear(kEmbedding, kEmbedding));
    m_stem = register_module("stem", convolution(m_shape.inChannels * folded, widths[0], 3));
    for (int i = 0; i <= last; ++i) {
        const auto level = std::to_string(i);
        m_down.push_back(
            register_module("down" + level, ResidualBlock(widths[i], widths[i], kEmbedding)));
        if (i < last) {
            m_reduce.push_back(
                register_module("reduce" + level, convolution(widths[i], widths[i + 1], 3, 2)));
        }
    }
    m_middle = register_module("middle", ResidualBlock(widths[last], widths[last], kEmbedding));
    for (int i = last - 1; i >= 0; --i) {
        const auto level = std::to_string(i);
        m_expand.push_back(
            register_module("expand" + level, convolution(widths[i + 1], widths[i], 1)));
        m_up.push_back(
            register_module("up" + level, ResidualBlock(2 * widths[i], widths[i], kEmbedding)));
    }
    m_headNorm = register_module("head_norm", PixelNorm(widths[0]));
    m_head = register_module("head", convolution(widths[0], m_shape.outChannels * folded, 3));
    torch::nn::init::zeros_(m_head->weight);
    torch::nn::init::zeros_(m_head->bias);
}

at::Tensor UNetImpl::embed(const at::Tensor& conditions) {
    if (m_shape.conditions == 0) {
        return m_embedOut->forward(
            at::silu(m_embedIn->forward(conditions.new_zeros({conditions.size(0), 1}))));
    }
    const at::Tensor octave =
        at::exp2(at::arange(kFrequencies, conditions.options())) * static_cast<float>(M_PI / 2);
    const at::Tensor angle = conditions.unsqueeze(-1) * octave;
    const at::Tensor waves = at::cat({at::sin(angle), at::cos(angle)}, -1).flatten(1);
    return at::silu(m_embedOut->forward(at::silu(m_embedIn->forward(waves))));
}

at::Tensor UNetImpl::forward(const at::Tensor& input, const at::Tensor& conditions) {
    const at::Tensor embedding = embed(conditions);
    at::Tensor x = m_shape.fold > 1 ? at::pixel_unshuffle(input, m_shape.fold) : input;
    x = convolve(m_stem, x.contiguous(at::MemoryFormat::ChannelsLast));
    std::vector<at::Tensor> skips;
    for (std::size_t i = 0; i < m_down.size(); ++i) {
        x = m_down[i]->forward(x, embedding);
        if (i < m_reduce.size()) {
            skips.push_back(x);
            x = convolve(m_reduce[i], x);
        }
    }
    x = m_middle->forward(x, embedding);
    for (std::size_t i = 0; i < m_up.size(); ++i) {
        const at::Tensor& skip = skips[skips.size() - 1 - i];
        x = at::upsample_nearest2d(convolve(m_expand[i], x), {skip.size(2), skip.size(3)});
        x = m_up[i]->forward(at::cat({x, skip}, 1), embedding);
    }
    x = convolve(m_head, at::silu(m_headNorm->forward(x)));
    return m_shape.fold > 1 ? at::pixel_shuffle(x, m_shape.fold) : x;
}

}  // namespace posteria::nn
