#include "core/physics/radial_profile.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "core/physics/quadrature.h"

namespace posteria::physics {

namespace {

constexpr double kPi = 3.14159265358979323846;

// Area common to a disc of radius a and one of radius b whose centres are r apart. Arguments beyond
// their range are the cases where one disc holds the other or both are apart.
double commonArea(double r, double a, double b) {
    if (b <= 0) return 0;
    r = std::max(r, 1e-9);
    const double atA = std::clamp((r * r + a * a - b * b) / (2 * r * a), -1.0, 1.0);
    const double atB = std::clamp((r * r + b * b - a * a) / (2 * r * b), -1.0, 1.0);
    const double kite = (a + b - r) * (r + a - b) * (r + b - a) * (r + a + b);
    return a * a * std::acos(atA) + b * b * std::acos(atB) - 0.5 * std::sqrt(std::max(kite, 0.0));
}

}  // namespace

std::int64_t RadialProfile::countFor(double radiusUm, double stepUm) {
    return static_cast<std::int64_t>(std::ceil(radiusUm / stepUm)) + 3;
}

at::Tensor valuesAt(const RadialProfile& profile, const at::Tensor& radiiUm) {
    const auto position = radiiUm.flatten() / profile.stepUm;
    const auto below = position.floor().clamp_max(static_cast<double>(profile.values.size(0) - 3));
    const auto u = position - below;
    const auto index = below.to(torch::kLong);
    // One sample before the axis, the mirror image of the one after it.
    const auto table = torch::cat({profile.values.slice(0, 1, 2), profile.values});
    const auto at = [&](std::int64_t offset) { return table.index_select(0, index + offset); };
    const auto left = u + 1, right = u - 1, far = u - 2;
    const auto inner = right * far, outer = left * u;
    return (at(0) * (u * inner / -6) + at(1) * (left * inner / 2) + at(2) * (outer * far / -2) +
            at(3) * (outer * right / 6))
        .view_as(radiiUm);
}

at::Tensor pixelIntegrals(const RadialProfile& profile, std::int64_t side, double pixelUm) {
    // The nodes follow the pixel's size in resolution limits, of which the profile's step is a
    // part.
    const auto rule =
        gaussLegendre(4 + static_cast<int>(std::ceil(pixelUm / (12 * profile.stepUm))));
    const auto nodes = static_cast<std::int64_t>(rule.nodes.size());
    const auto options = torch::dtype(torch::kDouble);
    const auto weights = torch::tensor(rule.weights, options) * (0.5 * pixelUm);
    // One quarter is enough: the others are its mirror images.
    const auto centre = side / 2, quarter = centre + 1;
    const auto points =
        (torch::arange(quarter, options).unsqueeze(1) + 0.5 * torch::tensor(rule.nodes, options))
            .flatten() *
        pixelUm;
    const auto squares = points.square();
    const auto radii = (squares.unsqueeze(1) + squares).sqrt();
    auto values = valuesAt(profile, radii).view({quarter * nodes, quarter, nodes}).matmul(weights);
    values = weights.matmul(values.view({quarter, nodes, quarter}));
    const auto mirror = (torch::arange(side, torch::kLong) - centre).abs();
    return values.index_select(0, mirror).index_select(1, mirror).clamp_min(0);
}

// int f dA over the disc, where dA is what a ring around the axis shares with the disc: exact for a
// function that is constant over a ring.
RadialProfile throughDisc(const RadialProfile& profile, double discUm, std::int64_t count) {
    const double h = profile.stepUm;
    const auto values = profile.values.contiguous();
    const auto f = values.accessor<double, 1>();
    auto passed = torch::zeros({count}, torch::kDouble);
    auto out = passed.accessor<double, 1>();
    for (std::int64_t i = 0; i < count; ++i) {
        const double r = static_cast<double>(i) * h;
        const auto first = static_cast<std::int64_t>(std::max(0.0, std::floor((r - discUm) / h)));
        const auto last =
            std::min(static_cast<std::int64_t>(std::ceil((r + discUm) / h)), f.size(0) - 1);
        double inside = commonArea(r, discUm, (static_cast<double>(first) - 0.5) * h);
        for (auto j = first; j <= last; ++j) {
            const double next = commonArea(r, discUm, (static_cast<double>(j) + 0.5) * h);
            out[i] += f[j] * (next - inside);
            inside = next;
        }
    }
    return {h, passed};
}

}  // namespace posteria::physics
