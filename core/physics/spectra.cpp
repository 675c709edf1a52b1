#include "core/physics/spectra.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.h"

namespace posteria::physics {

namespace {

void check(const Spectrum& spectrum) {
    bool right = !spectrum.value.empty() && spectrum.value.size() == spectrum.wavelengthNm.size();
    for (std::size_t i = 0; right && i < spectrum.value.size(); ++i)
        right = std::isfinite(spectrum.wavelengthNm[i]) && std::isfinite(spectrum.value[i]) &&
                spectrum.value[i] >= 0 &&
                (i == 0 || spectrum.wavelengthNm[i] > spectrum.wavelengthNm[i - 1]);
    if (!right)
        throw Error(ErrorKind::Usage,
                    "A spectrum is a table of rising wavelengths with values of 0 or more.");
}

// int emission filter detector over the emission's range. Every table's rows are places where the
// integrand has a corner; between them it is a cubic at most, so that Simpson's rule is exact.
double seen(const Spectrum& emission, const Spectrum* filter, const Spectrum* detector) {
    std::vector<double> corners = emission.wavelengthNm;
    for (const auto* other : {filter, detector})
        if (other)
            corners.insert(corners.end(), other->wavelengthNm.begin(), other->wavelengthNm.end());
    std::sort(corners.begin(), corners.end());
    // Just inside a piece: a table that does not begin with 0 jumps at its end.
    const auto value = [&](double nm) {
        return emission.at(nm) * (filter ? filter->at(nm) : 1) * (detector ? detector->at(nm) : 1);
    };
    double sum = 0;
    for (std::size_t i = 0; i + 1 < corners.size(); ++i) {
        const double a = corners[i], b = corners[i + 1];
        if (b <= a) continue;
        const double inside = 1e-9 * (b - a);
        sum += (b - a) / 6 * (value(a + inside) + 4 * value(0.5 * (a + b)) + value(b - inside));
    }
    return sum;
}

double rate(const Dye& dye, const DetectionChannel& channel) {
    double absorbed = 0;
    for (const auto& line : channel.lines)
        absorbed += line.power * line.nm * dye.extinction * dye.absorption.at(line.nm);
    return absorbed * dye.quantumYield *
           seen(dye.emission, &channel.filter,
                channel.detector.value.empty() ? nullptr : &channel.detector) /
           seen(dye.emission, nullptr, nullptr);
}

}  // namespace

double Spectrum::at(double nm) const {
    const auto above = std::lower_bound(wavelengthNm.begin(), wavelengthNm.end(), nm);
    if (above == wavelengthNm.end()) return 0;
    const auto i = static_cast<std::size_t>(above - wavelengthNm.begin());
    if (*above == nm) return value[i];
    if (i == 0) return 0;
    const double share = (nm - wavelengthNm[i - 1]) / (wavelengthNm[i] - wavelengthNm[i - 1]);
    return value[i - 1] + share * (value[i] - value[i - 1]);
}

Spectrum bandpass(double centreNm, double widthNm, double transmission) {
    constexpr double kFlank = 0.5;
    const double half = 0.5 * widthNm;
    return {{centreNm - half - kFlank, centreNm - half + kFlank, centreNm + half - kFlank,
             centreNm + half + kFlank},
            {0, transmission, transmission, 0}};
}

Spectrum dyeBand(double peakNm, double widthNm, double asymmetry) {
    Spectrum band;
    for (double nm = peakNm - 4 * widthNm; nm <= peakNm + 6 * widthNm; nm += 1) {
        const double inner = 1 + 2 * asymmetry * (nm - peakNm) / widthNm;
        const double x = std::abs(asymmetry) < 1e-6 ? 2 * (nm - peakNm) / widthNm
                         : inner > 0                ? std::log(inner) / asymmetry
                                                    : std::numeric_limits<double>::infinity();
        band.wavelengthNm.push_back(nm);
        band.value.push_back(std::exp(-std::log(2.0) * x * x));
    }
    return band;
}

std::vector<std::vector<double>> bleedthroughMatrix(const std::vector<Dye>& dyes,
                                                    const std::vector<DetectionChannel>& channels) {
    if (dyes.empty() || dyes.size() != channels.size())
        throw Error(ErrorKind::Usage, "A bleedthrough matrix needs one channel for each dye.");
    for (const auto& dye : dyes) {
        check(dye.absorption);
        check(dye.emission);
    }
    std::vector<std::vector<double>> matrix;
    for (std::size_t c = 0; c < channels.size(); ++c) {
        check(channels[c].filter);
        if (!channels[c].detector.value.empty()) check(channels[c].detector);
        const double own = rate(dyes[c], channels[c]);
        if (!(own > 0))
            throw Error(ErrorKind::Usage, "A channel does not see its own dye.", {},
                        "Choose lines that excite it and a filter that lets it pass.");
        std::vector<double> row;
        for (const auto& dye : dyes)
            row.push_back(rate(dye, channels[c]) / own);
        matrix.push_back(row);
    }
    return matrix;
}

}  // namespace posteria::physics
