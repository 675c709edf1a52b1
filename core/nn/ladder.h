// The ladder behind LadderVae; private to this folder. Tensors are channels-last throughout.
#pragma once

#include <vector>

#include "core/nn/ladder_vae.h"
#include "core/nn/unet.h"

namespace posteria::nn {

// Mean and log-variance of latents from features, [N, 2 latents, h, w].
class LatentHeadImpl : public torch::nn::Module {
  public:
    LatentHeadImpl(int filters, int latents);
    at::Tensor forward(const at::Tensor& x);
    void startAtZero();

  private:
    PixelNorm m_norm{nullptr};
    torch::nn::Conv2d m_out{nullptr};
};
TORCH_MODULE(LatentHead);

// One level. The top has no features above it: its prior is a constant of each channel.
class RungImpl : public torch::nn::Module {
  public:
    RungImpl(const LadderShape& shape, bool bottom, bool top);
    at::Tensor up(const at::Tensor& x);
    at::Tensor reduced(const at::Tensor& x);  // for the level above; not at the top

    struct Step {
        at::Tensor features, kl;  // kl of each latent, when asked for
    };
    // From the features `above`, which are undefined at the top, and those of the image.
    Step down(const at::Tensor& above, const at::Tensor& image, const at::Tensor& noise,
              bool withKl);
    at::Tensor expanded(const at::Tensor& x);  // for the level below; not at the bottom

  private:
    std::vector<ResidualBlock> m_up, m_down;
    torch::nn::Conv2d m_reduce{nullptr}, m_expand{nullptr}, m_latents{nullptr};
    ResidualBlock m_merge{nullptr}, m_skip{nullptr};
    LatentHead m_prior{nullptr}, m_posterior{nullptr};
    at::Tensor m_constant;
};
TORCH_MODULE(Rung);

class LadderImpl : public torch::nn::Module {
  public:
    explicit LadderImpl(const LadderShape& shape);
    // H and W of y must be multiples of the granularity.
    LadderVae::Terms forward(const at::Tensor& y, const std::vector<at::Tensor>& noise,
                             bool withKl);

  private:
    int m_fold;
    torch::nn::Conv2d m_stem{nullptr}, m_head{nullptr};
    PixelNorm m_headNorm{nullptr};
    std::vector<Rung> m_rungs;
};
TORCH_MODULE(Ladder);

}  // namespace posteria::nn
