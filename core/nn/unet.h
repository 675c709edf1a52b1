// The U-Net behind Network; private to this folder. Tensors are channels-last throughout.
#pragma once

#include <vector>

#include "core/tensor/torch_compat.h"

namespace posteria::nn {

struct UNetShape {
    std::vector<int> widths;
    int fold, inChannels, outChannels, conditions;
};

// Norm over the channels of each pixel, then scale and shift.
class PixelNormImpl : public torch::nn::Module {
  public:
    explicit PixelNormImpl(int channels);
    at::Tensor forward(const at::Tensor& x);

  private:
    at::Tensor m_scale, m_shift;
};
TORCH_MODULE(PixelNorm);

class ResidualBlockImpl : public torch::nn::Module {
  public:
    ResidualBlockImpl(int in, int out, int embedding);
    at::Tensor forward(const at::Tensor& x, const at::Tensor& embedding);

  private:
    PixelNorm m_norm{nullptr};
    torch::nn::Conv2d m_first{nullptr}, m_second{nullptr}, m_shortcut{nullptr};
    torch::nn::Linear m_film{nullptr};
};
TORCH_MODULE(ResidualBlock);

class UNetImpl : public torch::nn::Module {
  public:
    explicit UNetImpl(const UNetShape& shape);
    at::Tensor forward(const at::Tensor& x, const at::Tensor& conditions);
    // H and W must be multiples of this.
    std::int64_t granularity() const {
        return static_cast<std::int64_t>(m_shape.fold) << (m_shape.widths.size() - 1);
    }

  private:
    at::Tensor embed(const at::Tensor& conditions);

    UNetShape m_shape;
    torch::nn::Linear m_embedIn{nullptr}, m_embedOut{nullptr};
    torch::nn::Conv2d m_stem{nullptr}, m_head{nullptr};
    PixelNorm m_headNorm{nullptr};
    std::vector<ResidualBlock> m_down, m_up;
    std::vector<torch::nn::Conv2d> m_reduce, m_expand;
    ResidualBlock m_middle{nullptr};
};
TORCH_MODULE(UNet);

}  // namespace posteria::nn
