// Spectra of dyes, lasers, filters and detectors, and the bleedthrough they make. Wavelengths in
// nanometres. Plain values and pure functions: any thread.
#pragma once

#include <vector>

namespace posteria::physics {

// A table with straight lines between its rows and 0 outside it.
struct Spectrum {
    std::vector<double> wavelengthNm;  // rising
    std::vector<double> value;         // >= 0

    double at(double nm) const;
};

// A band with straight flanks of 1 nm that lets `transmission` through.
Spectrum bandpass(double centreNm, double widthNm, double transmission = 1);
// A skewed peak of height 1, the usual shape of a dye's band (Fraser and Suzuki, Anal. Chem. 41,
// 37, 1969): exp(-ln 2 (ln(1 + 2 b (nm - peak) / width) / b)^2), b the asymmetry, > 0 for a long
// tail towards the red; width at half height.
Spectrum dyeBand(double peakNm, double widthNm, double asymmetry);

struct Dye {
    Spectrum absorption;    // relative, 1 at its peak
    Spectrum emission;      // any unit: its area does not matter
    double extinction = 1;  // at the absorption peak, 1 / (M cm), as the others'
    double quantumYield = 1;
};

struct LaserLine {
    double nm = 488, power = 1;  // W, or any unit that the other lines share
};

// What is recorded in one go: lines that are on, and what reaches the detector.
struct DetectionChannel {
    std::vector<LaserLine> lines;
    Spectrum filter;    // transmission of all that lies in the way
    Spectrum detector;  // quantum efficiency; empty: the same everywhere
};

// M[c][f]: what channel c detects of dye f over what it detects of its own, dye c; the diagonal is
// 1. The rate of dye f in channel c is
//     sum over lines of P nm eps_f abs_f(nm) x QY_f x int em_f T_c QE_c / int em_f,
// photons absorbed times the share of the emitted ones that is seen. Throws Error{Usage} for
// another number of channels than of dyes, a table that is none, or a channel that does not see its
// own dye.
std::vector<std::vector<double>> bleedthroughMatrix(const std::vector<Dye>& dyes,
                                                    const std::vector<DetectionChannel>& channels);

}  // namespace posteria::physics
