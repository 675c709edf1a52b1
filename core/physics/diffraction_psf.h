// The models of Optics that come from diffraction: radial tables become planes of pixels, and those
// a widefield or a confocal PSF. What psfAt and psfRadius of optics.h answer for these models;
// shapes, units and normalisation are described there. Any thread, with a cache of its own.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "core/physics/optics.h"

namespace posteria::physics {

at::Tensor diffractionPsf(const Optics& optics, const std::vector<double>& defocusUm,
                          std::int64_t side, PlaneCache* cache);
std::int64_t diffractionRadius(const Optics& optics, double defocusUm);

}  // namespace posteria::physics
