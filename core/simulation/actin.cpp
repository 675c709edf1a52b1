#include <algorithm>
#include <cmath>

#include "core/simulation/drawing.h"
#include "core/simulation/outline.h"
#include "core/simulation/path.h"

namespace posteria::simulation {

namespace {

constexpr double kPi = 3.14159265358979323846;

struct Style {
    double stepUm, halfDepthUm;
    double bundleLength, bundleWidth, spread, crossing;  // stress fibres
    double bundleZ, bundleDepth;                         // where they lie, and within what
    double stripes, stripeUm;                            // sarcomere-like
    double meshLength, meshLevel, rimBoost;
    double cortexLevel, cortexWidth, spikesPerUm;
};

Style chooseStyle(const Canvas& canvas, Rng& rng) {
    Style s;
    s.stepUm = 0.4 * canvas.pixelUm();
    s.halfDepthUm = std::max(0.05, 0.5 * canvas.depthUm() - 0.1);
    s.bundleLength = rng.logUniform(9, 40);
    s.bundleWidth = rng.uniform(0.04, 0.2);
    s.spread = rng.uniform(0.03, 0.25);
    s.crossing = rng.chance(0.6) ? rng.uniform(0.1, 0.5) : 0;
    s.bundleZ = rng.uniform(-0.6, 0.2) * s.halfDepthUm;
    s.bundleDepth = rng.uniform(0.1, 0.6);
    s.stripes = rng.chance(0.4) ? rng.uniform(0.2, 0.7) : 0;
    s.stripeUm = rng.uniform(0.7, 1.4);
    s.meshLength = rng.logUniform(3.5, 12);
    s.meshLevel = rng.uniform(0.15, 0.5);
    s.rimBoost = rng.chance(0.6) ? rng.uniform(1, 6) : 0;
    s.cortexLevel = rng.logUniform(0.5, 5);
    s.cortexWidth = rng.uniform(0.1, 0.5);
    s.spikesPerUm = rng.chance(0.6) ? rng.logUniform(0.02, 0.4) : 0;
    return s;
}

// Fibres are stiff: they keep their direction much longer than they are.
PathSettings stiff(const Style& style, double slope) {
    PathSettings path;
    path.stepUm = style.stepUm;
    path.persistenceUm = 300;
    path.smoothnessUm = 6;
    path.slope = slope;
    path.halfDepthUm = style.halfDepthUm;
    return path;
}

// A bundle of parallel strands that begin and end one by one, so that it thins out at its ends;
// returns the length drawn.
double drawBundle(Canvas& canvas, const CellLayout& layout, const Style& style, Path path,
                  double length, Rng& rng) {
    struct Strand {
        double level, aside, z, begin, end;
    };
    std::vector<Strand> strands;
    for (int n = 2 + static_cast<int>(5 * rng.exponential() * rng.uniform()); n >= 0; --n)
        strands.push_back({rng.logNormal(0.3), style.bundleWidth * rng.normal(),
                           style.bundleWidth * rng.normal(), length * 0.25 * rng.uniform(),
                           length * (1 - 0.25 * rng.uniform())});
    const double phase = rng.uniform(0, 2 * kPi), stripes = style.stripes * rng.uniform();
    double s = 0;
    int count = 0;
    for (; s < length; s += style.stepUm, ++count) {
        if (count % 8 == 0 && !layout.inside(path.point())) break;
        const double sideX = -std::sin(path.direction()), sideY = std::cos(path.direction());
        const double stripe = 1 + stripes * std::sin(2 * kPi * s / style.stripeUm + phase);
        for (const Strand& strand : strands)
            if (s >= strand.begin && s < strand.end)
                canvas.splat(path.point().x + strand.aside * sideX,
                             path.point().y + strand.aside * sideY, path.z() + strand.z,
                             strand.level * stripe * style.stepUm);
        path.advance(rng);
    }
    return s;
}

void drawStressFibres(Canvas& canvas, const CellLayout& layout, const Style& style, double wanted,
                      Rng& rng) {
    std::vector<double> angles;  // every cell has its own
    for (std::size_t i = 0; i < layout.cells().size(); ++i)
        angles.push_back(rng.uniform(0, kPi));
    const double across = rng.uniform(0.6, 1.57);
    double drawn = 0;
    for (int attempt = 0; drawn < wanted && attempt < 20000; ++attempt) {
        const Point start = layout.randomPoint(rng);
        const Cell* cell = layout.cellAt(start);
        const auto index = cell ? static_cast<std::size_t>(cell - layout.cells().data()) : 0;
        const double direction = angles[index] + style.spread * rng.normal() +
                                 (rng.chance(style.crossing) ? across : 0) +
                                 (rng.chance(0.5) ? kPi : 0);
        const double z = std::clamp(style.bundleZ + style.bundleDepth * rng.normal(),
                                    -style.halfDepthUm, style.halfDepthUm);
        const double length = style.bundleLength * rng.logNormal(0.4);
        drawn += drawBundle(canvas, layout, style,
                            Path(stiff(style, 0.015), rng, start, z, direction), length, rng);
    }
}

// Single thin fibres in all directions, crossing each other; more of them behind the cell's rim.
void drawMesh(Canvas& canvas, const CellLayout& layout, const Style& style, double wanted,
              Rng& rng) {
    double drawn = 0;
    for (int attempt = 0; drawn < wanted && attempt < 400000; ++attempt) {
        const Point start = layout.randomPoint(rng);
        const Cell* cell = layout.cellAt(start);
        const double rim = cell ? std::max(0.0, cell->depth(start) - 0.7) / 0.3 : 0;
        if (!rng.chance((1 + style.rimBoost * rim) / (1 + style.rimBoost))) continue;
        const double length = style.meshLength * std::clamp(rng.exponential(), 0.2, 3.0);
        const double level = style.meshLevel * rng.logNormal(0.4);
        Path path(stiff(style, 0.08), rng, start, rng.uniform(-1, 1) * style.halfDepthUm,
                  rng.uniform(0, 2 * kPi));
        int count = 0;
        for (double s = 0; s < length; s += style.stepUm, ++count) {
            if (count % 8 == 0 && !layout.inside(path.point())) break;
            const double end = std::min({1.0, (s + style.stepUm) / 0.6, (length - s) / 0.6});
            canvas.splat(path.point().x, path.point().y, path.z(), level * end * style.stepUm);
            drawn += style.stepUm;
            path.advance(rng);
        }
    }
}

// The band behind every border, and the spikes of parallel fibres that stand off it.
void drawCortex(Canvas& canvas, const CellLayout& layout, const Style& style, double density,
                Rng& rng) {
    constexpr int kPoints = 8;
    walkOutlines(
        layout, 0.5 * canvas.widthUm() + 2, 0.5 * canvas.heightUm() + 2, style.stepUm,
        [&](const OutlinePoint& at) {
            const double amount = style.cortexLevel * at.stepUm * (at.contact ? 1.6 : 1) *
                                  depthFactor(canvas) / kPoints;
            for (int k = 0; k < kPoints; ++k) {
                const double inward = style.cortexWidth * rng.exponential();
                canvas.splat(at.p.x - inward * at.outward.x, at.p.y - inward * at.outward.y,
                             rng.uniform(-0.5, 0.5) * canvas.depthUm(), amount);
            }
            if (at.contact || !rng.chance(style.spikesPerUm * density * at.stepUm)) return;
            const double direction = std::atan2(at.outward.y, at.outward.x) + 0.25 * rng.normal();
            const double root = rng.uniform(0.5, 2), length = root + rng.logUniform(0.5, 5);
            const double level = 1.4 * rng.logNormal(0.4);
            const double z = rng.uniform(-0.8, 0) * style.halfDepthUm;
            for (double s = -root; s < length - root; s += style.stepUm)
                canvas.splat(at.p.x + s * std::cos(direction), at.p.y + s * std::sin(direction), z,
                             level * style.stepUm * std::min(1.0, (s + root) / root + 0.2));
        });
}

}  // namespace

void drawActin(Canvas& canvas, const CellLayout& layout, double density, Rng& rng) {
    const Style style = chooseStyle(canvas, rng);
    // Micrometres of bundle and of single fibre a square micrometre of cell.
    const double area = density * depthFactor(canvas) * layout.areaUm2();
    drawStressFibres(canvas, layout, style, rng.chance(0.75) ? rng.logUniform(0.15, 1.2) * area : 0,
                     rng);
    drawMesh(canvas, layout, style, rng.logUniform(1.5, 9) * area, rng);
    drawCortex(canvas, layout, style, density, rng);
    drawBackground(canvas, layout, rng.logUniform(0.05, 1.2), rng);
}

}  // namespace posteria::simulation
