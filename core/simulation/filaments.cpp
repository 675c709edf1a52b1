#include <algorithm>
#include <cmath>

#include "core/simulation/drawing.h"
#include "core/simulation/path.h"

namespace posteria::simulation {

namespace {

constexpr double kPi = 3.14159265358979323846;

struct Style {
    PathSettings path;
    double meanLength, speckle, bundleChance, asterChance, alignedChance, alignedAngle,
        alignedSpread;
};

Style chooseStyle(Canvas& canvas, Rng& rng) {
    Style s;
    s.path.stepUm = 0.4 * canvas.pixelUm();
    s.path.persistenceUm = rng.logUniform(8, 80);
    s.path.smoothnessUm = rng.uniform(0.6, 1.8);
    s.path.slope = rng.logUniform(0.02, 0.2);
    s.path.halfDepthUm = 0.5 * canvas.depthUm() - 0.1;
    s.meanLength = rng.logUniform(8, 50);
    s.speckle = rng.uniform(0.05, 0.45);
    s.bundleChance = rng.chance(0.6) ? rng.uniform(0.05, 0.35) : 0;
    s.asterChance = rng.chance(0.4) ? rng.uniform(0.3, 1) : 0;
    s.alignedChance = rng.chance(0.5) ? rng.uniform(0.2, 0.9) : 0;
    s.alignedAngle = rng.uniform(0, kPi);
    s.alignedSpread = rng.uniform(0.1, 0.6);
    return s;
}

// One filament and, for a bundle, its companions: they run beside it at a slowly changing distance.
double drawOne(Canvas& canvas, const CellLayout& layout, const Style& style, Path path,
               double length, Rng& rng) {
    struct Strand {
        double level, offset, z, begin, end, speckle = 0;
    };
    const auto level = [&] {
        const double kind = rng.uniform();
        return (kind < 0.7 ? 1.0 : kind < 0.92 ? 1.6 : 2.6) * rng.logNormal(0.25);
    };
    std::vector<Strand> strands{{level(), 0, 0, 0, length}};
    if (rng.chance(style.bundleChance)) {
        const double spread = rng.uniform(0.05, 0.45);
        for (int n = rng.integer(1, 4); n > 0; --n) {
            const double begin = length * rng.uniform(0, 0.6);
            strands.push_back({level(), spread * rng.normal(), 0.15 * rng.normal(), begin,
                               begin + (length - begin) * rng.uniform(0.3, 1)});
        }
    }
    const double step = style.path.stepUm;
    const double keep = std::exp(-step / 2.0), kick = 0.2 * std::sqrt(1 - keep * keep);
    const double speckleKeep = std::exp(-step / 0.15);
    const double speckleKick = style.speckle * std::sqrt(1 - speckleKeep * speckleKeep);
    double drawn = 0, steer = 0;
    int count = 0;
    for (double s = 0; s < length; s += step, ++count) {
        if (count % 8 == 0) {
            if (!layout.inside(path.point())) break;
            steer = steerInside(layout, path, 1.2, 0.9);
        }
        const double sideX = -std::sin(path.direction()), sideY = std::cos(path.direction());
        for (std::size_t i = 0; i < strands.size(); ++i) {
            Strand& strand = strands[i];
            strand.speckle = speckleKeep * strand.speckle + speckleKick * rng.normal();
            if (i > 0)
                strand.offset += (keep - 1) * 0.2 * strand.offset + kick * 0.5 * rng.normal();
            if (s < strand.begin || s > strand.end) continue;
            const double amount = strand.level * step * std::max(0.1, 1 + strand.speckle);
            canvas.splat(path.point().x + strand.offset * sideX,
                         path.point().y + strand.offset * sideY, path.z() + strand.z, amount);
            drawn += step;
        }
        path.advance(rng, steer);
    }
    return drawn;
}

}  // namespace

void drawFilaments(Canvas& canvas, const CellLayout& layout, double density, Rng& rng) {
    const Style style = chooseStyle(canvas, rng);
    // Micrometres of filament a square micrometre of cell: from a few lone curves to a full mesh.
    const double wanted =
        rng.logUniform(0.3, 3.5) * density * depthFactor(canvas) * layout.areaUm2();
    std::vector<Point> centres;
    for (const Cell& cell : layout.cells())
        centres.push_back({cell.nucleus.x + cell.nucleusLong * std::cos(cell.nucleusAngle) * 0.9,
                           cell.nucleus.y + cell.nucleusLong * std::sin(cell.nucleusAngle) * 0.9});
    double drawn = 0;
    for (int attempt = 0; drawn < wanted && attempt < 20000; ++attempt) {
        const double length = style.meanLength * std::clamp(rng.exponential(), 0.1, 3.0);
        Point start = layout.randomPoint(rng);
        double direction = rng.uniform(0, 2 * kPi);
        double z = rng.uniform(-1, 1) * style.path.halfDepthUm;
        if (rng.chance(style.asterChance)) {
            const Point centre = centres[static_cast<std::size_t>(
                rng.integer(0, static_cast<int>(centres.size()) - 1))];
            const double away = 0.3 + 1.5 * rng.exponential();
            start = {centre.x + away * std::cos(direction), centre.y + away * std::sin(direction)};
            z *= 0.5;
        } else if (rng.chance(style.alignedChance)) {
            direction = style.alignedAngle + style.alignedSpread * rng.normal() +
                        (rng.chance(0.5) ? kPi : 0);
        }
        drawn +=
            drawOne(canvas, layout, style, Path(style.path, rng, start, z, direction), length, rng);
    }
    drawBackground(canvas, layout, rng.logUniform(0.05, 1.5), rng);
}

}  // namespace posteria::simulation
