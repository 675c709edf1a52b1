// Radial power spectrum of a channel: how much structure there is at each spatial frequency. The
// mean is removed, a Hann window applied, the plane padded with zeros to powers of two, and |FFT|^2
// averaged over rings of equal width up to the Nyquist frequency, then over planes. An estimate as
// sharp as the truth has a ratio near 1; an average of possibilities falls below it at high
// frequencies.
#pragma once

#include "core/analysis/metrics.h"

namespace posteria::analysis {

inline constexpr int kSpectrumBands = 32;

struct RadialSpectrum {
    std::vector<double> frequency;  // centre of each band, cycles per pixel, 0 … 0.5
    std::vector<double> power;      // grey values squared
};

RadialSpectrum radialPowerSpectrum(const Planes& planes);
// Power of the estimate over the truth's, one a band; 0 where the truth has none.
std::vector<double> powerRatio(const Planes& estimate, const Planes& truth);

struct PowerRatio {
    std::vector<double> ratio, error;  // one a band
};
// The same of several estimates (samples) of each plane, their power averaged, with the standard
// error that the ratio of two sums over so few planes has: the planes' scatter around it (Cochran
// 1977, Sampling Techniques, section 6.4). NaN for a single plane.
PowerRatio pooledPowerRatio(const std::vector<Planes>& estimates, const Planes& truth);

}  // namespace posteria::analysis
