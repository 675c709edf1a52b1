#include "core/physics/diffraction_psf.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/physics/diffraction.h"
#include "core/physics/plane_cache.h"
#include "core/physics/radial_profile.h"

namespace posteria::physics {

namespace {

constexpr std::int64_t kLargestRadius = 128;  // pixels

// Every number of the optics that a plane depends on.
std::vector<double> planeKey(const Optics& o, double defocusUm, std::int64_t side) {
    const Layers& l = o.layers;
    return {static_cast<double>(o.kind),
            static_cast<double>(o.model),
            o.na,
            o.emissionNm,
            o.excitationNm,
            o.refractiveIndex,
            o.pinholeAiry,
            o.pixelUm,
            l.coverslipIndex,
            l.sampleIndex,
            l.depthUm,
            l.coverslipUm,
            l.coverslipErrorUm,
            l.workingDistanceUm,
            l.immersionIndexError,
            defocusUm,
            static_cast<double>(side)};
}

Lens lensOf(const Optics& optics, double wavelengthNm) {
    return {optics.model == Optics::Model::Vectorial, optics.na, wavelengthNm,
            optics.refractiveIndex, optics.layers};
}

double longestWavelengthNm(const Optics& optics) {
    return optics.kind == Optics::Kind::Widefield
               ? optics.emissionNm
               : std::max(optics.emissionNm, optics.excitationNm);
}

// What the lens does not check: the sizes of tables follow from these.
void check(const Optics& optics) {
    const bool confocal = optics.kind == Optics::Kind::Confocal;
    if (!(optics.na > 0 && optics.pixelUm > 0 && optics.emissionNm > 0) ||
        (confocal && !(optics.excitationNm > 0 && optics.pinholeAiry > 0)))
        throw Error(ErrorKind::Usage,
                    "Aperture, wavelengths, pixel and pinhole of the optics must be positive.");
}

// A plane from diffraction. Widefield: the share of an emitter's light that each pixel gets, so the
// sum falls short of one by what the plane leaves out. Confocal: not normalised, but all planes
// alike, since excitation and emission both carry the same energy through each plane.
at::Tensor makePlane(const Optics& optics, double defocusUm, std::int64_t side) {
    // A product of two PSFs has details half as large, which a 24th of each resolves too.
    const bool confocal = optics.kind == Optics::Kind::Confocal;
    const double step =
        1e-3 / 48 / optics.na *
        (confocal ? std::min(optics.emissionNm, optics.excitationNm) : optics.emissionNm);
    const double corner = (static_cast<double>(side / 2) + 0.5) * std::sqrt(2.0) * optics.pixelUm;
    const auto count = RadialProfile::countFor(corner, step);
    const auto profile = [&](double wavelengthNm, std::int64_t samples) {
        return RadialProfile{
            step, radialIntensity(lensOf(optics, wavelengthNm), defocusUm, step, samples)};
    };
    RadialProfile seen;
    if (confocal) {
        const double disc = optics.pinholeAiry * 0.61 * 1e-3 * optics.emissionNm / optics.na;
        const auto emission =
            profile(optics.emissionNm, count + RadialProfile::countFor(disc, step));
        seen = profile(optics.excitationNm, count);
        seen.values = seen.values * throughDisc(emission, disc, count).values;
    } else {
        seen = profile(optics.emissionNm, count);
    }
    return pixelIntegrals(seen, side, optics.pixelUm);
}

at::Tensor diffractionPlane(const Optics& optics, double defocusUm, std::int64_t side,
                            PlaneCache* cache) {
    if (!cache) return makePlane(optics, defocusUm, side);
    const auto key = planeKey(optics, defocusUm, side);
    at::Tensor plane = cache->find(key);
    if (!plane.defined()) cache->insert(key, plane = makePlane(optics, defocusUm, side));
    return plane;
}

}  // namespace

std::int64_t diffractionRadius(const Optics& optics, double defocusUm) {
    check(optics);
    const double wavelength = longestWavelengthNm(optics);
    const auto lens = lensOf(optics, wavelength);
    const double rays = std::max(rayRadiusUm(lens, defocusUm), rayRadiusUm(lens, -defocusUm));
    const double tail = 6 * 1.22e-3 * wavelength / optics.na;
    return std::min<std::int64_t>(
        kLargestRadius, static_cast<std::int64_t>(std::ceil((rays + tail) / optics.pixelUm)));
}

at::Tensor diffractionPsf(const Optics& optics, const std::vector<double>& defocusUm,
                          std::int64_t side, PlaneCache* cache) {
    check(optics);
    const bool confocal = optics.kind == Optics::Kind::Confocal;
    at::Tensor inFocus;
    if (confocal)
        inFocus = diffractionPlane(optics, 0, 2 * diffractionRadius(optics, 0) + 1, cache).sum();
    std::vector<at::Tensor> planes;
    for (double z : defocusUm) {
        const auto plane = diffractionPlane(optics, z, side, cache);
        planes.push_back(plane / (confocal ? inFocus : plane.sum()));
    }
    return torch::stack(planes).to(torch::kFloat);
}

}  // namespace posteria::physics
