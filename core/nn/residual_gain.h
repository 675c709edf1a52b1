// How strong fine waves of a sample's departure from the mean are. A flow of limited training draws
// them alike in every image, as they make up little of its loss; in truth they go with what fine
// structure the image has. On fields that training has not seen, power that the truth has beside
// the mean is compared with power that samples have, at every frequency: their ratio is taken to be
// a power law of the mean's own power in waves of 3.3 to 5 pixels, by quasi-likelihood with the
// variance of counts (McCullagh & Nelder 1989, chapter 9), so that on the whole the powers are
// equal.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "core/nn/radial_filter.h"

namespace posteria::nn {

// Log power of the waves of 3.3 to 5 pixels of each channel of a mean [C, H, W], a value a channel,
// averaged over blocks of 64 pixels.
std::vector<double> fineLevel(const at::Tensor& mean);
// The gains for a mean [C, H, W], one a channel.
std::vector<RadialGain> gainsFor(const std::vector<package::ResidualGain>& fitted,
                                 const at::Tensor& mean);
// truths and means [N, C, S, S], departures of K samples each from those means [N, K, C, S, S], all
// in the model's normalised units. Waves longer than 6.4 pixels keep the gain 1.
std::vector<package::ResidualGain> fitResidualGain(const at::Tensor& truths,
                                                   const at::Tensor& means,
                                                   const at::Tensor& departures);

}  // namespace posteria::nn
