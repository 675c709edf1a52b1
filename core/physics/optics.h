// Point spread functions and the images they make. Volumes are [Z, Y, X] float32 on the CPU,
// lengths micrometres unless the name says nm. Pure functions: any thread, nothing is kept between
// calls. A Gaussian-beam approximation: sigma_xy = 0.225 lambda / NA is the Gaussian nearest to the
// in-focus paraxial widefield PSF (Zhang, Zerubia, Olivo-Marin 2007), and out of focus
//     sigma(z) = sigma_xy sqrt(1 + (z / z_R)^2),   z_R = n lambda / NA^2   (the depth of field).
// Every widefield plane sums to one, so light out of focus is spread, not lost: that is the haze.
// Confocal: excitation beam times the emission PSF convolved with the pinhole's disc (Wilson 1990),
// in-focus sum one; planes out of focus then sum to less, which is the optical sectioning.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace posteria::physics {

struct Optics {
    enum class Kind { Widefield, Confocal };
    Kind kind = Kind::Widefield;
    double na = 1.4;
    double emissionNm = 520;
    double excitationNm = 488;  // confocal only
    double refractiveIndex = 1.515;
    double pinholeAiry = 1.0;  // diameter in Airy units, 1.22 lambda / NA; confocal only
    double pixelUm = 0.13;
    double zStepUm = 0.25;
};

// Standard deviation in micrometres of the beam of wavelength lambda at a distance from the focus.
double beamSigmaUm(const Optics& optics, double wavelengthNm, double defocusUm);
// Half the side, in pixels, that holds the PSF out to four standard deviations.
std::int64_t psfRadius(const Optics& optics, double defocusUm);

// [planes, side, side], one plane for each distance from the focus; each value is the integral over
// a pixel. The peak is at pixel (side / 2, side / 2). Throws Error{Usage} for a side below 1.
at::Tensor psfAt(const Optics& optics, const std::vector<double>& defocusUm, std::int64_t side);
// The same on planes zStepUm apart, the focus in plane (planes - 1) / 2.
at::Tensor psf(const Optics& optics, std::int64_t planes, std::int64_t side);

// What a camera focused on `focusPlane` (it may lie between planes) sees of the volume: [Y, X].
// Nothing lies outside the volume, and nothing wraps around: leave a margin of psfRadius and crop.
at::Tensor imagePlane(const at::Tensor& volume, const Optics& optics, double focusPlane);
// One image for each focus: [focus, Y, X].
at::Tensor imageStack(const at::Tensor& volume, const Optics& optics,
                      const std::vector<double>& focusPlanes);

}  // namespace posteria::physics
