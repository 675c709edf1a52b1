// Radial filters: what every frequency of an image is multiplied by, whatever its direction; and
// how they are fitted to a posterior mean. What such a mean leaves over has nothing in common with
// it, at every frequency <truth conj(mean)> = <|mean|^2>. A network of limited training is short of
// that in fine waves, where little of the loss lies: it damps too much in some, and in others adds
// a pattern of its own that says nothing of the truth. The gain <truth conj(mean)> / <|mean|^2> of
// every frequency, Wiener's filter without the noise term, is the best linear remedy.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "core/package/model_package.h"

namespace posteria::nn {

// Gains of one channel at 0, 1/32, 2/32, … cycles per pixel, up to the corner of the sampled band.
using RadialGain = std::vector<double>;

// Cross power Re <a conj(b)> of two sets of fields [N, C, S, S] around each of the gains'
// frequencies, seen through a Hann window and without their means: [N, C, kGainNodes], double.
at::Tensor radialPower(const at::Tensor& a, const at::Tensor& b);
// Least-squares gains from estimates to truths, both [N, C, S, S] on the CPU: one a channel,
// averaged over fields and directions. That of 0 is 1: brightness stays.
std::vector<RadialGain> radialGains(const at::Tensor& estimates, const at::Tensor& truths);
// Images [N, C, H, W] with every channel's frequencies multiplied by its gains, by a kernel of 17 x
// 17 pixels; beyond the border the edge is repeated.
at::Tensor radiallyFiltered(const at::Tensor& images, const std::vector<RadialGain>& gains);

}  // namespace posteria::nn
