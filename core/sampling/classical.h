// Restoration as it was done before networks, behind the interface of the samplers: one answer, no
// noise. y and the result are light, grey values above the camera's offset in any one unit.
// - richardson-lucy: as many iterations as steps, from a background of y's lower tenth
//   (richardson_lucy.h); Restorer::degradation is the blur.
// - wiener: the filter of least mean square error for the signal's spectrum, which is estimated as
//   what the image's own has above the noise (wiener.h); the degradation is a physics::Blur.
// - nnls: unmixing by Restorer::matrix, non-negative (unmixing.h).
#pragma once

#include <memory>

#include "core/sampling/sampler.h"

namespace posteria::sampling {

bool isClassical(const std::string& samplerName);
// None when the name is that of another kind of sampler.
std::unique_ptr<const Sampler> makeClassical(const SamplerOptions& options);

}  // namespace posteria::sampling
