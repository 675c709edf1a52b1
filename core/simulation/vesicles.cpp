#include <algorithm>
#include <cmath>

#include "core/simulation/drawing.h"

namespace posteria::simulation {

namespace {

constexpr double kPi = 3.14159265358979323846;

// A ball or, for a ring, its shell: points spread evenly by the golden-angle spiral.
void drawVesicle(Canvas& canvas, Point p, double z, double radius, bool ring, double amount) {
    if (radius < 0.4 * canvas.pixelUm()) {
        canvas.splat(p.x, p.y, z, amount);
        return;
    }
    const double inPixels = radius / canvas.pixelUm();
    const int points = std::clamp(static_cast<int>(40 * inPixels * inPixels), 12, 900);
    for (int i = 0; i < points; ++i) {
        const double height = 1 - 2 * (i + 0.5) / points;
        const double angle = 2.399963229728653 * i;
        // The cube root of a low-discrepancy sequence fills the ball evenly.
        const double fill = std::cbrt(std::fmod(0.5 + 0.618033988749895 * i, 1.0));
        const double r = radius * (ring ? 0.85 + 0.15 * fill : fill);
        const double around = r * std::sqrt(1 - height * height);
        canvas.splat(p.x + around * std::cos(angle), p.y + around * std::sin(angle), z + r * height,
                     amount / points);
    }
}

}  // namespace

void drawVesicles(Canvas& canvas, const CellLayout& layout, double density, Rng& rng) {
    const double perArea = rng.logUniform(0.1, 1.6);
    const int wanted =
        static_cast<int>(std::ceil(perArea * density * depthFactor(canvas) * layout.areaUm2()));
    const double medianDiameter = rng.uniform(0.1, 0.35), diameterSpread = rng.uniform(0.15, 0.55);
    const double brightnessSpread = rng.uniform(0.25, 0.8);
    const double ringChance = rng.chance(0.4) ? rng.uniform(0.1, 0.8) : 0;
    const double aroundNucleus = rng.chance(0.5) ? rng.uniform(0.1, 0.8) : 0;
    const double inClusters = rng.chance(0.6) ? rng.uniform(0.1, 0.7) : 0;
    const double inNucleus = rng.uniform(0, 0.25);
    const double halfDepth = 0.5 * canvas.depthUm();

    Point cluster;
    double clusterZ = 0, clusterSize = 1;
    int leftInCluster = 0;
    int drawn = 0;
    for (int attempt = 0; drawn < wanted && attempt < 10 * wanted + 100; ++attempt) {
        Point p = layout.randomPoint(rng);
        double z = rng.uniform(-halfDepth, halfDepth);
        if (rng.chance(inClusters)) {
            if (leftInCluster-- <= 0) {
                leftInCluster = rng.integer(3, 30);
                cluster = p;
                clusterZ = z;
                clusterSize = rng.logUniform(0.3, 2);
            }
            p = {cluster.x + clusterSize * rng.normal(), cluster.y + clusterSize * rng.normal()};
            z = clusterZ + 0.3 * clusterSize * rng.normal();
        } else if (rng.chance(aroundNucleus)) {
            const Cell& cell = layout.cells()[static_cast<std::size_t>(
                rng.integer(0, static_cast<int>(layout.cells().size()) - 1))];
            const double angle = rng.uniform(0, 2 * kPi);
            const double away = 1.03 + 0.3 * rng.exponential() * rng.uniform();
            const double along = cell.nucleusLong * away * std::cos(angle);
            const double across = cell.nucleusShort * away * std::sin(angle);
            const double c = std::cos(cell.nucleusAngle), s = std::sin(cell.nucleusAngle);
            p = {cell.nucleus.x + c * along - s * across, cell.nucleus.y + s * along + c * across};
        }
        if (!layout.inside(p) || (layout.insideNucleus(p) && !rng.chance(inNucleus))) continue;
        const double diameter =
            std::clamp(medianDiameter * rng.logNormal(diameterSpread), 0.03, 0.8);
        const bool ring = diameter > 0.35 && rng.chance(ringChance);
        // Larger vesicles hold more dye, though less than their volume would say.
        const double amount = std::pow(diameter / 0.2, 1.5) * rng.logNormal(brightnessSpread);
        drawVesicle(canvas, p, z, 0.5 * diameter, ring, amount);
        ++drawn;
    }
    drawBackground(canvas, layout, rng.logUniform(0.1, 2.5), rng);
}

}  // namespace posteria::simulation
