#include <algorithm>
#include <cmath>

#include "core/simulation/drawing.h"
#include "core/simulation/path.h"

namespace posteria::simulation {

namespace {

constexpr double kPi = 3.14159265358979323846;

struct Style {
    PathSettings path;
    double radius, radiusSpread, meanLength, branchChance;
};

// One tube, and the branches that leave it; returns the length drawn.
double drawTube(Canvas& canvas, const CellLayout& layout, const Style& style, Path path,
                double length, int generation, Rng& rng) {
    const double step = style.path.stepUm;
    const double radius = style.radius * rng.logNormal(0.15), level = rng.logNormal(0.3);
    const double keep = std::exp(-step / 0.8),
                 kick = style.radiusSpread * std::sqrt(1 - keep * keep);
    const double branchAt = rng.chance(style.branchChance) ? rng.uniform(0.2, 0.8) * length : -1;
    double swelling = style.radiusSpread * rng.normal(), drawn = 0, steer = 0;
    int count = 0;
    for (double s = 0; s < length; s += step, ++count) {
        if (count % 5 == 0) {
            if (!layout.inside(path.point()) || layout.insideNucleus(path.point())) break;
            steer = steerInside(layout, path, 1.0, 1.5);
        }
        swelling = keep * swelling + kick * rng.normal();
        const double r = radius * std::clamp(1 + swelling, 0.4, 1.8);
        // The matrix is filled: points in a ball stand for the slice of tube around this step.
        constexpr int kPoints = 10;
        const double amount = level * step * r * r / (0.2 * 0.2) / kPoints;
        for (int i = 0; i < kPoints; ++i) {
            double x, y, z;
            do {
                x = rng.uniform(-1, 1);
                y = rng.uniform(-1, 1);
                z = rng.uniform(-1, 1);
            } while (x * x + y * y + z * z > 1);
            canvas.splat(path.point().x + r * x, path.point().y + r * y, path.z() + r * z, amount);
        }
        if (branchAt >= 0 && s <= branchAt && branchAt < s + step && generation < 3) {
            const double turn = rng.uniform(0.5, 1.2) * (rng.chance(0.5) ? 1 : -1);
            drawn +=
                drawTube(canvas, layout, style,
                         Path(style.path, rng, path.point(), path.z(), path.direction() + turn),
                         0.6 * length, generation + 1, rng);
        }
        path.advance(rng, steer);
        drawn += step;
    }
    return drawn;
}

}  // namespace

void drawMitochondria(Canvas& canvas, const CellLayout& layout, double density, Rng& rng) {
    Style style;
    style.path.stepUm = 0.5 * canvas.pixelUm();
    style.path.persistenceUm = rng.logUniform(1.5, 8);
    style.path.smoothnessUm = rng.uniform(0.4, 1.0);
    style.path.slope = rng.uniform(0.03, 0.2);
    style.path.halfDepthUm = std::max(0.05, 0.5 * canvas.depthUm() - 0.2);
    style.radius = rng.uniform(0.12, 0.3);
    style.radiusSpread = rng.uniform(0.08, 0.3);
    style.meanLength = rng.logUniform(1.2, 8);
    style.branchChance = rng.uniform(0, 0.5);
    const double aroundNucleus = rng.uniform(0, 0.8);
    const double wanted =
        rng.logUniform(0.12, 1.4) * density * depthFactor(canvas) * layout.areaUm2();
    double drawn = 0;
    for (int attempt = 0; drawn < wanted && attempt < 20000; ++attempt) {
        Point start = layout.randomPoint(rng);
        if (rng.chance(aroundNucleus)) {
            // More of them towards the nucleus: of a few places the nearest to it.
            for (int i = 0; i < 3; ++i) {
                const Point other = layout.randomPoint(rng);
                const Cell* cell = layout.cellAt(start);
                const Cell* otherCell = layout.cellAt(other);
                if (cell && otherCell &&
                    otherCell->nucleusDepth(other) < cell->nucleusDepth(start) &&
                    otherCell->nucleusDepth(other) > 1)
                    start = other;
            }
        }
        if (layout.insideNucleus(start)) continue;
        const double length = style.meanLength * std::clamp(rng.exponential(), 0.2, 3.0);
        const double z = rng.uniform(-1, 1) * style.path.halfDepthUm;
        drawn += drawTube(canvas, layout, style,
                          Path(style.path, rng, start, z, rng.uniform(0, 2 * kPi)), length, 0, rng);
    }
    drawBackground(canvas, layout, rng.logUniform(0.03, 0.8), rng);
}

}  // namespace posteria::simulation
