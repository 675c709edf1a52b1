// Point spread functions from diffraction: the field that a lens of the aperture NA = n_i
// sin(alpha) focuses through immersion, coverslip and sample. By reciprocity it is also the image
// of a point emitter whose dipole turns freely. With s = n_i sin(theta), wave number k = 2 pi /
// lambda and optical path difference (Gibson and Lanni, J. Opt. Soc. Am. A 9, 154, 1992)
//     OPD = d q_s + t_g q_g - t_g0 q_g0 + t_i q_i - t_i0 q_i0,    q = sqrt(n^2 - s^2),
//     t_i = n_i (t_g0 / n_g0 + t_i0 / n_i0 - t_g / n_g - d / n_s) - defocus
// the scalar intensity is |int J0(k r s) e^{i k OPD} sin cos d theta|^2, that of an even pupil. The
// vectorial one (Richards and Wolf, Proc. R. Soc. A 253, 358, 1959; Aguet et al., Opt. Express 17,
// 6829, 2009) is |I0|^2 + 2 |I1|^2 + |I2|^2 with Im = int Am Jm(k r s) e^{i k OPD} sin sqrt(cos),
//     A0 = ts + tp cos_s,   A1 = tp sin_s,   A2 = ts - tp cos_s,
// ts and tp the products of Fresnel's coefficients of both faces. Angles beyond a medium's critical
// angle have an imaginary q there: those waves fade with the depth, as they do in the sample.
//
// Lengths in micrometres, wavelengths in nanometres, float64 on the CPU. Pure functions: any
// thread.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace posteria::physics {

// What light passes between the objective and the emitter. A lens used as it was designed has both
// errors zero, and neither the coverslip nor the working distance then matter to its OPD.
struct Layers {
    double coverslipIndex = 1.515;
    double sampleIndex = 1.47;
    double depthUm = 0;              // of the emitter below the coverslip
    double coverslipUm = 170;        // as designed: t_g0
    double coverslipErrorUm = 0;     // actual thickness less the designed one
    double workingDistanceUm = 150;  // of the immersion, as designed: t_i0
    double immersionIndexError = 0;  // actual index less the designed one
};

struct Lens {
    bool vectorial = true;
    double na = 1.4;
    double wavelengthNm = 520;  // in vacuum
    double immersionIndex = 1.515;
    Layers layers;
};

// [count] intensities at the radii 0, step, 2 step, ... in 1 / um^2: the integral over the whole
// plane is one at every defocus, since free waves carry the same energy through each of them.
// Defocus is how far the objective stands closer to the sample than where its paraxial rays meet in
// the emitter. Throws Error{Usage} for an aperture that is not below the immersion's index, and for
// lengths or indices that are not positive.
at::Tensor radialIntensity(const Lens& lens, double defocusUm, double stepUm, std::int64_t count);

// The radius within which 98 % of the rays of an even pupil cross that plane: how far geometrical
// optics spreads the light, the diffraction pattern's own width aside.
double rayRadiusUm(const Lens& lens, double defocusUm);

}  // namespace posteria::physics
