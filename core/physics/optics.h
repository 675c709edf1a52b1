// Point spread functions and the images they make. Volumes are [Z, Y, X] float32 on the CPU,
// lengths micrometres unless the name says nm. Pure functions but for the cache they are given: any
// thread. Two families of models:
//   GaussianBeam: sigma_xy = 0.225 lambda / NA is the Gaussian nearest to the in-focus paraxial
//     widefield PSF (Zhang, Zerubia, Olivo-Marin 2007), and out of focus
//     sigma(z) = sigma_xy sqrt(1 + (z / z_R)^2),   z_R = n lambda / NA^2   (the depth of field).
//   GibsonLanni, Vectorial: diffraction of scalar or of vectorial waves and the aberrations of the
//     layers (diffraction.h). Defocus is the stage's movement; one depth holds for all emitters.
// Every widefield plane sums to one, so light out of focus is spread, not lost: that is the haze.
// Confocal: excitation PSF times the emission PSF convolved with the pinhole's disc (Wilson 1990),
// in-focus sum one; planes out of focus then sum to less, which is the optical sectioning.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/physics/diffraction.h"
#include "core/physics/plane_cache.h"

namespace posteria::physics {

struct Optics {
    enum class Kind { Widefield, Confocal };
    enum class Model { GaussianBeam, GibsonLanni, Vectorial };
    // By the names that recipes, packages and configurations use.
    static const std::map<std::string, Model>& models();
    Kind kind = Kind::Widefield;
    double na = 1.4;
    double emissionNm = 520;
    double excitationNm = 488;  // confocal only
    double refractiveIndex = 1.515;
    double pinholeAiry = 1.0;  // diameter in Airy units, 1.22 lambda / NA; confocal only
    double pixelUm = 0.13;
    double zStepUm = 0.25;
    Model model = Model::GaussianBeam;
    Layers layers;  // for the models from diffraction; refractiveIndex is the immersion's
};

// The same microscope at a level of haze: at severity t < 1 a confocal one whose pinhole, of
// optics.pinholeAiry at t = 0, has been opened to pinholeAiry / (1 - t) Airy units; at t = 1 a
// widefield one. Throws Error{Usage} for a severity outside 0 to 1.
Optics hazyOptics(Optics optics, double severity);

// Standard deviation in micrometres of the beam of wavelength lambda at a distance from the focus.
double beamSigmaUm(const Optics& optics, double wavelengthNm, double defocusUm);
// Half the side, in pixels, that holds the PSF at this distance from the focus, on either side of
// it. GaussianBeam: four standard deviations. Diffraction: six Airy units around 98 % of the rays,
// at most 128 pixels. Out to there a widefield plane lacks 1 to 3 % of its light, the Airy
// rings beyond, and more where 128 pixels cut the cone of rays off.
std::int64_t psfRadius(const Optics& optics, double defocusUm);

// [planes, side, side], one plane for each distance from the focus; each value is the integral over
// a pixel. The peak is at pixel (side / 2, side / 2). Planes from diffraction are taken from the
// cache and kept there, if one is given. Throws Error{Usage} for a side below 1.
at::Tensor psfAt(const Optics& optics, const std::vector<double>& defocusUm, std::int64_t side,
                 PlaneCache* cache = nullptr);
// The same on planes zStepUm apart, the focus in plane (planes - 1) / 2.
at::Tensor psf(const Optics& optics, std::int64_t planes, std::int64_t side);

// What a camera focused on `focusPlane` (it may lie between planes) sees of the volume: [Y, X].
// Nothing lies outside the volume, and nothing wraps around: leave a margin of psfRadius and crop.
at::Tensor imagePlane(const at::Tensor& volume, const Optics& optics, double focusPlane);
// One image for each focus: [focus, Y, X]. Fields of the same optics may share a cache.
at::Tensor imageStack(const at::Tensor& volume, const Optics& optics,
                      const std::vector<double>& focusPlanes, PlaneCache* cache = nullptr);

}  // namespace posteria::physics
