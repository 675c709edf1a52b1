#include "core/physics/optics.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/error.h"
#include "core/physics/diffraction_psf.h"
#include "core/physics/plane_convolution.h"

namespace posteria::physics {

namespace {

constexpr double kPi = 3.14159265358979323846;

// Integrals over pixels of a Gaussian around the middle of pixel side / 2; sigma in pixels.
at::Tensor gaussianProfile(double sigma, std::int64_t side) {
    const auto edges =
        torch::arange(side + 1, torch::kDouble) - static_cast<double>(side / 2) - 0.5;
    const auto cumulative = torch::erf(edges / (sigma * std::sqrt(2.0)));
    return 0.5 * (cumulative.slice(0, 1) - cumulative.slice(0, 0, side));
}

at::Tensor widefieldPlane(double sigma, std::int64_t side) {
    auto profile = gaussianProfile(sigma, side);
    profile = profile / profile.sum();
    return torch::outer(profile, profile);
}

// Share of a Gaussian of that sigma, centred at distance r, that falls into a disc: on a grid of
// radii.
//     P(r) = int_0^a rho / sigma^2 exp(-(r - rho)^2 / 2 sigma^2) i0e(r rho / sigma^2) d rho
at::Tensor throughPinhole(const at::Tensor& radii, double sigma, double discRadius) {
    constexpr int kSteps = 200;
    const auto rho = (torch::arange(kSteps, torch::kDouble) + 0.5) * (discRadius / kSteps);
    const auto r = radii.unsqueeze(1);
    const auto integrand = rho / (sigma * sigma) *
                           torch::exp(-(r - rho).square() / (2 * sigma * sigma)) *
                           torch::special::i0e(r * rho / (sigma * sigma));
    return integrand.sum(1) * (discRadius / kSteps);
}

// Excitation times detection, each pixel the mean of 5 x 5 points; not normalised.
at::Tensor confocalPlane(const Optics& optics, double defocusUm, std::int64_t side) {
    constexpr std::int64_t kFine = 5;
    const double excitation = beamSigmaUm(optics, optics.excitationNm, defocusUm);
    const double emission = beamSigmaUm(optics, optics.emissionNm, defocusUm);
    const double disc = optics.pinholeAiry * 0.61 * 1e-3 * optics.emissionNm / optics.na;
    const auto points =
        (torch::arange(side * kFine, torch::kDouble) + 0.5) / static_cast<double>(kFine) - 0.5 -
        static_cast<double>(side / 2);
    const auto squares = (points * optics.pixelUm).square();
    const auto r = (squares.unsqueeze(0) + squares.unsqueeze(1)).sqrt();
    // Beyond six standard deviations nothing is excited.
    const double step = emission / 24;
    const auto last = static_cast<std::int64_t>(
        std::ceil(std::min(r.max().item<double>(), 6 * excitation) / step));
    const auto table =
        throughPinhole(torch::arange(last + 2, torch::kDouble) * step, emission, disc);
    const auto position = (r / step).clamp_max(static_cast<double>(last));
    const auto below = position.floor();
    const auto index = below.to(torch::kLong).flatten();
    const auto low = table.index_select(0, index).view_as(r);
    const auto high = table.index_select(0, index + 1).view_as(r);
    const auto detection = low + (high - low) * (position - below);
    const double variance = excitation * excitation;
    const auto beam = torch::exp(-r.square() / (2 * variance)) / (2 * kPi * variance);
    return torch::avg_pool2d((beam * detection).view({1, 1, side * kFine, side * kFine}), kFine)
        .view({side, side});
}

}  // namespace

const std::map<std::string, Optics::Model>& Optics::models() {
    static const std::map<std::string, Model> all{{"gaussian", Model::GaussianBeam},
                                                  {"gibson-lanni", Model::GibsonLanni},
                                                  {"vectorial", Model::Vectorial}};
    return all;
}

double beamSigmaUm(const Optics& optics, double wavelengthNm, double defocusUm) {
    const double wavelength = 1e-3 * wavelengthNm;
    const double range = optics.refractiveIndex * wavelength / (optics.na * optics.na);
    return 0.225 * wavelength / optics.na * std::hypot(1.0, defocusUm / range);
}

Optics hazyOptics(Optics optics, double severity) {
    if (!(severity >= 0 && severity <= 1))
        throw Error(ErrorKind::Usage, "A level of haze lies between 0 and 1.");
    optics.kind = severity < 1 ? Optics::Kind::Confocal : Optics::Kind::Widefield;
    if (severity < 1) optics.pinholeAiry /= 1 - severity;
    return optics;
}

std::int64_t psfRadius(const Optics& optics, double defocusUm) {
    if (optics.model != Optics::Model::GaussianBeam) return diffractionRadius(optics, defocusUm);
    const double wavelength = optics.kind == Optics::Kind::Widefield
                                  ? optics.emissionNm
                                  : std::max(optics.emissionNm, optics.excitationNm);
    return static_cast<std::int64_t>(
        std::ceil(4 * beamSigmaUm(optics, wavelength, defocusUm) / optics.pixelUm + 0.5));
}

at::Tensor psfAt(const Optics& optics, const std::vector<double>& defocusUm, std::int64_t side,
                 PlaneCache* cache) {
    if (side < 1 || defocusUm.empty())
        throw Error(ErrorKind::Usage,
                    "A point spread function needs at least one plane and one pixel.");
    if (optics.model != Optics::Model::GaussianBeam)
        return diffractionPsf(optics, defocusUm, side, cache);
    std::map<double, at::Tensor> made;  // above and below the focus look the same
    std::vector<at::Tensor> planes;
    double inFocus = 1;
    if (optics.kind == Optics::Kind::Confocal)
        inFocus = confocalPlane(optics, 0, 2 * psfRadius(optics, 0) + 1).sum().item<double>();
    for (double z : defocusUm) {
        auto& plane = made[std::abs(z)];
        if (!plane.defined()) {
            const double sigma = beamSigmaUm(optics, optics.emissionNm, z) / optics.pixelUm;
            plane = optics.kind == Optics::Kind::Widefield
                        ? widefieldPlane(sigma, side)
                        : confocalPlane(optics, z, side) / inFocus;
        }
        planes.push_back(plane);
    }
    return torch::stack(planes).to(torch::kFloat);
}

at::Tensor psf(const Optics& optics, std::int64_t planes, std::int64_t side) {
    std::vector<double> defocus;
    for (std::int64_t p = 0; p < planes; ++p)
        defocus.push_back((static_cast<double>(p) - 0.5 * static_cast<double>(planes - 1)) *
                          optics.zStepUm);
    return psfAt(optics, defocus, side);
}

at::Tensor imagePlane(const at::Tensor& volume, const Optics& optics, double focusPlane) {
    return imageStack(volume, optics, {focusPlane}).squeeze(0);
}

at::Tensor imageStack(const at::Tensor& volume, const Optics& optics,
                      const std::vector<double>& focusPlanes, PlaneCache* cache) {
    if (volume.dim() != 3)
        throw Error(ErrorKind::Usage, "A volume to be imaged has the axes Z, Y and X.");
    const auto planes = volume.size(0);
    double furthest = 0;
    for (double focus : focusPlanes)
        furthest = std::max(
            {furthest, std::abs(focus), std::abs(static_cast<double>(planes - 1) - focus)});
    const auto side = 2 * psfRadius(optics, furthest * optics.zStepUm) + 1;
    const PlaneConvolution convolution(volume, side);
    constexpr std::size_t kMostBytes = std::size_t{64} << 20;
    PlaneCache own(kMostBytes);  // foci that are planes apart share most of theirs
    if (!cache) cache = &own;

    std::vector<at::Tensor> images;
    for (double focus : focusPlanes) {
        std::vector<double> defocus;
        for (std::int64_t z = 0; z < planes; ++z)
            defocus.push_back((focus - static_cast<double>(z)) * optics.zStepUm);
        images.push_back(convolution.sum(psfAt(optics, defocus, side, cache)));
    }
    return torch::stack(images).clamp_min(0);  // the FFT leaves rounding errors below zero
}

}  // namespace posteria::physics
