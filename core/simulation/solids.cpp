#include "core/simulation/solids.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace posteria::simulation {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kGoldenAngle = 2.399963229728653;
// Fractions of its multiples fill an interval evenly, and independently of the golden angle's
// (those of the golden ratio would not: the points would lie on a spiral staircase).
constexpr double kFill = 0.7548776662466927;
constexpr double kSpacing = 0.6;  // of the points that stand for a thin body, pixels
// From these radii on, in pixels, voxels are filled instead. A line's pieces meet at angles, which
// points smear out and voxels show as ribs: so only lines that would take too many points are
// filled.
constexpr double kThickBall = 8, kThickLine = 24;

double bodySpacing(const Canvas& canvas) {
    return kSpacing * canvas.pixelUm();
}

// Half of the canvas's extent along x, y and z, from border to border.
std::array<double, 3> halfExtent(const Canvas& canvas) {
    return {0.5 * canvas.widthUm(), 0.5 * canvas.heightUm(), 0.5 * canvas.depthUm()};
}

// How far beyond the border a point may lie and still be shared out to a voxel.
double borderUm(const Canvas& canvas) {
    return std::max(2 * canvas.pixelUm(), canvas.depthUm() / static_cast<double>(canvas.planes()));
}

// The part [first, last] of the way from a to b that runs within `margin` of the canvas.
bool clip(const Canvas& canvas, const Position& a, const Position& b, double margin, double& first,
          double& last) {
    const auto half = halfExtent(canvas);
    const double from[3] = {a.x, a.y, a.z}, by[3] = {b.x - a.x, b.y - a.y, b.z - a.z};
    first = 0;
    last = 1;
    for (std::size_t i = 0; i < 3; ++i) {
        const double limit = half[i] + margin;
        if (by[i] == 0) {
            if (std::abs(from[i]) > limit) return false;
            continue;
        }
        const double one = (-limit - from[i]) / by[i], other = (limit - from[i]) / by[i];
        first = std::max(first, std::min(one, other));
        last = std::min(last, std::max(one, other));
    }
    return first < last;
}

// Calls coverage(x, y, z), the share of a voxel there that the body fills, for the voxels of a box.
template <typename Coverage>
void fillVoxels(Canvas& canvas, const Position& low, const Position& high, double density,
                const Coverage& coverage) {
    const auto clampTo = [](double v, std::int64_t size) {
        return static_cast<std::int64_t>(std::clamp(v, 0.0, static_cast<double>(size)));
    };
    const double zStep = canvas.depthUm() / static_cast<double>(canvas.planes());
    const double middle = 0.5 * static_cast<double>(canvas.planes() - 1);
    const double perVoxel = density * canvas.pixelUm() * canvas.pixelUm() * zStep;
    const auto firstPlane = clampTo(std::floor(low.z / zStep + middle), canvas.planes());
    const auto lastPlane = clampTo(std::ceil(high.z / zStep + middle) + 1, canvas.planes());
    const auto firstRow = clampTo(std::floor(canvas.rowOf(low.y)), canvas.height());
    const auto lastRow = clampTo(std::ceil(canvas.rowOf(high.y)) + 1, canvas.height());
    const auto firstColumn = clampTo(std::floor(canvas.columnOf(low.x)), canvas.width());
    const auto lastColumn = clampTo(std::ceil(canvas.columnOf(high.x)) + 1, canvas.width());
    for (auto plane = firstPlane; plane < lastPlane; ++plane) {
        const double z = canvas.zOf(static_cast<double>(plane));
        for (auto row = firstRow; row < lastRow; ++row) {
            float* out = canvas.plane(plane) + row * canvas.width();
            const double y = canvas.yOf(static_cast<double>(row));
            for (auto column = firstColumn; column < lastColumn; ++column) {
                const double share = coverage(canvas.xOf(static_cast<double>(column)), y, z);
                if (share > 0) out[column] += static_cast<float>(perVoxel * std::min(share, 1.0));
            }
        }
    }
}

struct Axis {
    Position start, along;  // `along` has length one
    double length;
};

double dot(const Position& a, const Position& b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

// How far a plane through an end of the axis lies ahead, for each micrometre off the axis.
struct Lean {
    double v = 0, w = 0;
};

Lean leanOf(const Position& cut, const Position& u, const Position& v, const Position& w) {
    const double facing = dot(cut, u);
    return facing < 0.5 ? Lean{} : Lean{-dot(cut, v) / facing, -dot(cut, w) / facing};
}

// Slices of the line, each a disc of points that a golden-angle spiral spreads evenly, and a
// low-discrepancy sequence over the slice's height: no rows of points, no ribs.
void drawThin(Canvas& canvas, const Axis& axis, double radiusA, double radiusB, double density,
              double first, double last, const Position& cutA, const Position& cutB) {
    const auto& u = axis.along;
    const double flat = std::hypot(u.x, u.y);
    const Position v = flat > 0.1 ? Position{-u.y / flat, u.x / flat, 0}
                                  : Position{1 / std::hypot(1, u.x / u.z), 0,
                                             -u.x / u.z / std::hypot(1, u.x / u.z)};
    const Position w{u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x};
    const Lean leanA = leanOf(cutA, u, v, w), leanB = leanOf(cutB, u, v, w);
    const double spacing = bodySpacing(canvas);
    const double slices = std::max(1.0, std::ceil(axis.length / spacing));
    const auto radiusAt = [&](double share) { return radiusA + share * (radiusB - radiusA); };
    double angle = 0;
    for (double i = std::floor(first * slices); i < std::min(slices, last * slices); ++i) {
        const double r1 = radiusAt(i / slices), r2 = radiusAt((i + 1) / slices);
        const double square = (r1 * r1 + r1 * r2 + r2 * r2) / 3, r = std::sqrt(square);
        const int points = std::max(1, static_cast<int>(kPi * square / (spacing * spacing)));
        const double amount = density * kPi * square * axis.length / slices / points;
        for (int k = 0; k < points; ++k, angle += kGoldenAngle) {
            const double along = points > 1 ? std::fmod(0.5 + kFill * k, 1.0) : 0.5;
            const double away = points > 1 ? r * std::sqrt((k + 0.5) / points) : 0;
            const double c = away * std::cos(angle), d = away * std::sin(angle);
            const double share = (i + along) / slices;
            const double s = share * axis.length + (1 - share) * (leanA.v * c + leanA.w * d) +
                             share * (leanB.v * c + leanB.w * d);
            canvas.splat(axis.start.x + s * u.x + c * v.x + d * w.x,
                         axis.start.y + s * u.y + c * v.y + d * w.y,
                         axis.start.z + s * u.z + c * v.z + d * w.z, amount);
        }
    }
}

void drawThick(Canvas& canvas, const Axis& axis, double radiusA, double radiusB, double density,
               double first, double last) {
    const auto& u = axis.along;
    const double r = std::max(radiusA, radiusB);
    const auto at = [&](double share) {
        const double s = share * axis.length;
        return Position{axis.start.x + s * u.x, axis.start.y + s * u.y, axis.start.z + s * u.z};
    };
    const Position p = at(first), q = at(last);
    fillVoxels(canvas, {std::min(p.x, q.x) - r, std::min(p.y, q.y) - r, std::min(p.z, q.z) - r},
               {std::max(p.x, q.x) + r, std::max(p.y, q.y) + r, std::max(p.z, q.z) + r}, density,
               [&](double x, double y, double z) {
                   const double dx = x - axis.start.x, dy = y - axis.start.y, dz = z - axis.start.z;
                   const double s = dx * u.x + dy * u.y + dz * u.z;
                   if (s < 0 || s >= axis.length) return 0.0;
                   const double away =
                       std::sqrt(std::max(0.0, dx * dx + dy * dy + dz * dz - s * s));
                   const double radius = radiusA + s / axis.length * (radiusB - radiusA);
                   return 0.5 + (radius - away) / canvas.pixelUm();
               });
}

}  // namespace

void drawBall(Canvas& canvas, const Position& centre, double radius, double density) {
    const auto half = halfExtent(canvas);
    const double reach = radius + borderUm(canvas);
    if (radius <= 0 || std::abs(centre.x) > half[0] + reach ||
        std::abs(centre.y) > half[1] + reach || std::abs(centre.z) > half[2] + reach)
        return;
    if (radius > kThickBall * canvas.pixelUm()) {
        fillVoxels(canvas, {centre.x - reach, centre.y - reach, centre.z - reach},
                   {centre.x + reach, centre.y + reach, centre.z + reach}, density,
                   [&](double x, double y, double z) {
                       const double dx = x - centre.x, dy = y - centre.y, dz = z - centre.z;
                       return 0.5 +
                              (radius - std::sqrt(dx * dx + dy * dy + dz * dz)) / canvas.pixelUm();
                   });
        return;
    }
    const double volume = 4.0 / 3 * kPi * std::pow(radius, 3);
    const int points = std::max(1, static_cast<int>(volume / std::pow(bodySpacing(canvas), 3)));
    for (int i = 0; i < points; ++i) {
        const double height = points > 1 ? 1 - 2 * (i + 0.5) / points : 0;
        const double angle = kGoldenAngle * i;
        // The cube root of a low-discrepancy sequence fills the ball evenly.
        const double r = points > 1 ? radius * std::cbrt(std::fmod(0.5 + kFill * i, 1.0)) : 0;
        const double around = r * std::sqrt(1 - height * height);
        canvas.splat(centre.x + around * std::cos(angle), centre.y + around * std::sin(angle),
                     centre.z + r * height, density * volume / points);
    }
}

double drawTaperedLine(Canvas& canvas, const Position& a, double radiusA, const Position& b,
                       double radiusB, double density, const Position& cutA, const Position& cutB) {
    Axis axis{a, {b.x - a.x, b.y - a.y, b.z - a.z}, 0};
    auto& u = axis.along;
    axis.length = std::sqrt(u.x * u.x + u.y * u.y + u.z * u.z);
    const double thickest = std::max(radiusA, radiusB);
    double first = 0, last = 0;
    if (!(axis.length > 0) || !clip(canvas, a, b, thickest + borderUm(canvas), first, last))
        return 0;
    u = {u.x / axis.length, u.y / axis.length, u.z / axis.length};
    if (thickest > kThickLine * canvas.pixelUm())
        drawThick(canvas, axis, radiusA, radiusB, density, first, last);
    else
        drawThin(canvas, axis, radiusA, radiusB, density, first, last, cutA, cutB);
    return clip(canvas, a, b, 0, first, last) ? (last - first) * axis.length : 0;
}

}  // namespace posteria::simulation
