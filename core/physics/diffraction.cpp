#include "core/physics/diffraction.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

#include "core/base/error.h"
#include "core/physics/quadrature.h"

namespace posteria::physics {

namespace {

using Complex = std::complex<double>;

constexpr double kPi = 3.14159265358979323846;

// n cos(theta) in a medium of index n; on the positive imaginary axis beyond its critical angle,
// so that the wave fades and does not grow.
Complex axialIndex(double n, double s) {
    return std::sqrt(Complex(n * n - s * s, 0));
}

// The layers with the numbers that follow from them.
struct Path {
    double immersion, coverslip, sample, designImmersion;                          // indices
    double depth, coverslipUm, designCoverslipUm, immersionUm, designImmersionUm;  // thicknesses

    Path(const Lens& lens, double defocusUm) {
        const Layers& layers = lens.layers;
        immersion = lens.immersionIndex;
        coverslip = layers.coverslipIndex;
        sample = layers.sampleIndex;
        designImmersion = immersion - layers.immersionIndexError;
        depth = layers.depthUm;
        designCoverslipUm = layers.coverslipUm;
        coverslipUm = designCoverslipUm + layers.coverslipErrorUm;
        designImmersionUm = layers.workingDistanceUm;
        immersionUm = immersion * ((designCoverslipUm - coverslipUm) / coverslip +
                                   designImmersionUm / designImmersion - depth / sample) -
                      defocusUm;
    }

    // The designed path only takes phase away: where it would fade, its real part is left.
    Complex difference(double s) const {
        return depth * axialIndex(sample, s) + coverslipUm * axialIndex(coverslip, s) -
               designCoverslipUm * axialIndex(coverslip, s).real() +
               immersionUm * axialIndex(immersion, s) -
               designImmersionUm * axialIndex(designImmersion, s).real();
    }

    // d OPD / d s: where the ray meets the plane, in micrometres from the axis.
    double rayHeight(double s) const {
        const auto slope = [s](double n) { return -s / axialIndex(n, s).real(); };
        return depth * slope(sample) + (coverslipUm - designCoverslipUm) * slope(coverslip) +
               immersionUm * slope(immersion) - designImmersionUm * slope(designImmersion);
    }
};

void check(const Lens& lens) {
    const Layers& layers = lens.layers;
    const double least =
        std::min({lens.na, lens.wavelengthNm, layers.coverslipIndex, layers.sampleIndex,
                  lens.immersionIndex - layers.immersionIndexError, layers.coverslipUm,
                  layers.coverslipUm + layers.coverslipErrorUm, layers.workingDistanceUm});
    if (!(least > 0) || !(layers.depthUm >= 0))
        throw Error(ErrorKind::Usage,
                    "Aperture, wavelength, indices and thicknesses of a lens must be positive.");
    if (!(lens.na < lens.immersionIndex))
        throw Error(ErrorKind::Usage,
                    "The numerical aperture must be below the immersion's refractive index.");
}

// Nodes and weights over the angle. The integrand has square roots that end at critical angles;
// theta = middle - half cos(u) on each side of one makes it smooth in u.
Quadrature angles(const Lens& lens, const Path& path, double stepUm, std::int64_t count) {
    const double alpha = std::asin(lens.na / lens.immersionIndex);
    std::vector<double> edges{0, alpha};
    for (double n : {path.sample, path.coverslip, path.designImmersion})
        if (n < lens.na) edges.push_back(std::asin(n / lens.immersionIndex));
    std::sort(edges.begin(), edges.end());
    const double k = 2e3 * kPi / lens.wavelengthNm;

    Quadrature all;
    for (std::size_t e = 0; e + 1 < edges.size(); ++e) {
        const double middle = 0.5 * (edges[e] + edges[e + 1]);
        const double half = 0.5 * (edges[e + 1] - edges[e]);
        if (half <= 0) continue;
        // How far the phase turns over the interval decides how many nodes it takes.
        constexpr int kSamples = 64;
        double phase = 0, before = 0;
        for (int i = 0; i <= kSamples; ++i) {
            const double s =
                lens.immersionIndex * std::sin(edges[e] + 2 * half * i / double(kSamples));
            const double here = path.difference(s).real();
            if (i > 0) phase += std::abs(here - before);
            before = here;
        }
        phase += stepUm * static_cast<double>(count) * lens.immersionIndex *
                 (std::sin(edges[e + 1]) - std::sin(edges[e]));
        const auto rule = gaussLegendre(32 + static_cast<int>(std::ceil(0.6 * k * phase)));
        for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
            const double u = 0.5 * kPi * (rule.nodes[i] + 1);
            all.nodes.push_back(middle - half * std::cos(u));
            all.weights.push_back(0.5 * kPi * rule.weights[i] * half * std::sin(u));
        }
    }
    return all;
}

// The factors Am (m = 0, 1, 2) of the vectorial field, or A0 alone of the scalar one, times the
// pupil; without the phase of the optical path.
std::vector<Complex> pupil(const Lens& lens, const Path& path, double theta) {
    if (!lens.vectorial) return {std::sin(theta) * std::cos(theta)};
    const double s = lens.immersionIndex * std::sin(theta);
    const double n[] = {path.immersion, path.coverslip, path.sample};
    Complex ts = 1, tp = 1;
    for (int face = 0; face < 2; ++face) {
        const Complex from = axialIndex(n[face], s), to = axialIndex(n[face + 1], s);
        ts *= 2.0 * from / (from + to);
        tp *= 2.0 * from * n[face] * n[face + 1] /
              (n[face + 1] * n[face + 1] * from + n[face] * n[face] * to);
    }
    const Complex cosine = axialIndex(path.sample, s) / path.sample;
    const double apodisation = std::sin(theta) * std::sqrt(std::cos(theta));
    return {apodisation * (ts + tp * cosine), apodisation * tp * (s / path.sample),
            apodisation * (ts - tp * cosine)};
}

std::vector<at::Tensor> besselFunctions(const at::Tensor& x, std::size_t orders) {
    std::vector<at::Tensor> j{at::special_bessel_j0(x)};
    if (orders == 1) return j;
    j.push_back(at::special_bessel_j1(x));
    // The recurrence loses all digits near zero; there the first terms of the series are exact.
    const auto squared = x.square();
    j.push_back(torch::where(x < 0.05, squared / 8 * (1 - squared / 12 * (1 - squared / 32)),
                             2 * j[1] / x - j[0]));
    return j;
}

}  // namespace

at::Tensor radialIntensity(const Lens& lens, double defocusUm, double stepUm, std::int64_t count) {
    check(lens);
    const Path path(lens, defocusUm);
    const double k = 2e3 * kPi / lens.wavelengthNm;
    const auto rule = angles(lens, path, stepUm, count);
    const auto nodes = static_cast<std::int64_t>(rule.nodes.size());
    const std::int64_t orders = lens.vectorial ? 3 : 1;
    auto amplitudes = torch::empty({orders, 2, nodes}, torch::kDouble);
    auto transverse = torch::empty({nodes, 1}, torch::kDouble);
    auto a = amplitudes.accessor<double, 3>();
    auto q = transverse.accessor<double, 2>();
    double energy = 0;  // of the whole plane, by Parseval's theorem for Hankel transforms
    for (std::int64_t i = 0; i < nodes; ++i) {
        const double theta = rule.nodes[i], s = lens.immersionIndex * std::sin(theta);
        const Complex phase = std::exp(Complex(0, k) * path.difference(s));
        const auto factors = pupil(lens, path, theta);
        q[i][0] = k * s;
        for (std::int64_t m = 0; m < orders; ++m) {
            const Complex value = factors[m] * phase;
            a[m][0][i] = rule.weights[i] * value.real();
            a[m][1][i] = rule.weights[i] * value.imag();
            energy += (m == 1 ? 2 : 1) * 2 * kPi * rule.weights[i] * std::norm(value) /
                      (k * k * s * lens.immersionIndex * std::cos(theta));
        }
    }
    constexpr std::int64_t kChunk = 1024;  // bounds the memory that the Bessel functions take
    std::vector<at::Tensor> parts;
    for (std::int64_t first = 0; first < count; first += kChunk) {
        const auto radii =
            torch::arange(first, std::min(first + kChunk, count), torch::kDouble) * stepUm;
        const auto bessel = besselFunctions(transverse * radii, orders);
        auto intensity = torch::zeros_like(radii);
        for (std::int64_t m = 0; m < orders; ++m)
            intensity += (m == 1 ? 2 : 1) * torch::mm(amplitudes[m], bessel[m]).square().sum(0);
        parts.push_back(intensity / energy);
    }
    return torch::cat(parts);
}

double rayRadiusUm(const Lens& lens, double defocusUm) {
    check(lens);
    const Path path(lens, defocusUm);
    constexpr int kRays = 400;  // in rings of equal area
    std::vector<double> heights;
    for (int i = 0; i < kRays; ++i) {
        const double s = lens.na * std::sqrt((i + 0.5) / kRays);
        if (s < std::min({path.sample, path.coverslip, path.designImmersion}))
            heights.push_back(std::abs(path.rayHeight(s)));
    }
    const auto rank =
        heights.begin() + static_cast<long>(0.98 * static_cast<double>(heights.size()));
    std::nth_element(heights.begin(), rank, heights.end());
    return *rank;
}

}  // namespace posteria::physics
