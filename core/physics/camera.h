// From photons to grey values. Electrons are Poisson with mean qe * photons (+ dark), clipped at
// the full well; an EMCCD multiplies them at random, Gamma(shape e, scale emGain), which doubles
// the shot noise' variance (Basden, Haniff, Mackay 2003); then read noise, gain, offset, rounding
// and clipping to the bit depth. A pure function of its arguments; any thread with a generator of
// its own.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>

namespace posteria::physics {

struct Camera {
    enum class Kind { CCD, EMCCD, sCMOS };
    Kind kind = Kind::sCMOS;
    double quantumEfficiency = 0.82;
    double offset = 100;       // grey
    double gain = 1.0;         // grey per electron that reaches the read-out
    double readNoise = 1.6;    // electrons, standard deviation, at the read-out
    double darkElectrons = 0;  // mean a pixel and exposure
    double emGain = 100;       // EMCCD only
    double fullWell = 30000;   // electrons
    int bits = 16;
    // sCMOS only: 0 is a sensor of equal pixels; any other value is the seed of its maps of offset
    // (0.5 grey), gain (1 %) and read noise (log-normal with a tail of noisy pixels).
    std::uint64_t pixelMapSeed = 0;

    // Grey values above the offset for one photon.
    double greyPerPhoton() const;
    double largestGrey() const { return static_cast<double>((std::int64_t{1} << bits) - 1); }
};

// Mean photons a pixel, [..., Y, X] → grey values of the same shape, whole numbers as float32.
at::Tensor expose(const at::Tensor& photons, const Camera& camera, at::Generator generator);

}  // namespace posteria::physics
