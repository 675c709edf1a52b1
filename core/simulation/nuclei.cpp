#include <algorithm>
#include <cmath>

#include "core/simulation/drawing.h"
#include "core/simulation/value_noise.h"

namespace posteria::simulation {

namespace {

constexpr double kPi = 3.14159265358979323846;

struct Ball {
    double x, y, z, radius, strength;
};

struct Nucleus {
    Point centre;
    double z, a, b, c, angle, wave, phase, level;
    std::vector<Ball> balls;  // dense chromatin (strength > 0) and nucleoli (strength < 0)
};

Nucleus makeNucleus(Rng& rng, Point centre, double size, double ballRadius) {
    Nucleus n;
    n.centre = centre;
    n.a = size * rng.uniform(0.85, 1.2);
    n.b = n.a * rng.uniform(0.65, 1);
    n.c = rng.uniform(2, 4);
    n.z = rng.uniform(-1, 1);
    n.angle = rng.uniform(0, kPi);
    n.wave = rng.uniform(0, 0.07);
    n.phase = rng.uniform(0, 2 * kPi);
    n.level = rng.logNormal(0.35);
    const auto add = [&](int count, double low, double high, double weakest, double strongest) {
        for (int i = 0; i < count; ++i) {
            const double r = std::sqrt(rng.uniform()) * 0.9, t = rng.uniform(0, 2 * kPi);
            n.balls.push_back({r * n.a * std::cos(t), r * n.b * std::sin(t), rng.uniform(-1.5, 1.5),
                               rng.uniform(low, high), rng.uniform(weakest, strongest)});
        }
    };
    add(rng.integer(0, 18), 0.5 * ballRadius, 1.2 * ballRadius, 0.2, 0.9);
    add(rng.integer(1, 4), 0.6, 1.4, -0.6, -0.3);
    return n;
}

void drawNucleus(Canvas& canvas, const Nucleus& n, const ValueNoise& coarse, const ValueNoise& fine,
                 double contrast) {
    const double reach = 1.1 * n.a + 0.5;
    const auto clampTo = [](double v, std::int64_t size) {
        return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::lround(v)), 0, size);
    };
    const auto firstRow = clampTo(canvas.rowOf(n.centre.y - reach), canvas.height());
    const auto lastRow = clampTo(canvas.rowOf(n.centre.y + reach) + 1, canvas.height());
    const auto firstColumn = clampTo(canvas.columnOf(n.centre.x - reach), canvas.width());
    const auto lastColumn = clampTo(canvas.columnOf(n.centre.x + reach) + 1, canvas.width());
    const double co = std::cos(n.angle), si = std::sin(n.angle);
    const double perVoxel = n.level * canvas.pixelUm() * canvas.pixelUm() * canvas.depthUm() /
                            static_cast<double>(canvas.planes());
    const double edge = 0.12 / n.b;  // the rim is this soft, in units of the radius
    for (std::int64_t plane = 0; plane < canvas.planes(); ++plane) {
        const double z = canvas.zOf(static_cast<double>(plane));
        const double zPart = std::pow((z - n.z) / n.c, 2);
        for (std::int64_t row = firstRow; row < lastRow; ++row) {
            float* out = canvas.plane(plane) + row * canvas.width();
            const double dy = canvas.yOf(static_cast<double>(row)) - n.centre.y;
            for (std::int64_t column = firstColumn; column < lastColumn; ++column) {
                const double dx = canvas.xOf(static_cast<double>(column)) - n.centre.x;
                const double u = co * dx + si * dy, v = co * dy - si * dx;
                const double plain = u * u / (n.a * n.a) + v * v / (n.b * n.b) + zPart;
                if (plain > 1.25) continue;
                const double outline = 1 + n.wave * std::cos(3 * std::atan2(v, u) + n.phase);
                const double inside = (1 - std::sqrt(plain) / outline) / edge + 0.5;
                if (inside <= 0) continue;
                double texture =
                    1 + contrast * (0.8 * coarse.at(dx + n.centre.x, dy + n.centre.y, z) +
                                    0.7 * fine.at(dx + n.centre.x, dy + n.centre.y, z));
                for (const Ball& ball : n.balls) {
                    const double near = (std::pow(u - ball.x, 2) + std::pow(v - ball.y, 2) +
                                         std::pow(z - ball.z, 2)) /
                                        (ball.radius * ball.radius);
                    if (near < 4) texture += ball.strength * std::exp(-near * 1.2);
                }
                out[column] +=
                    static_cast<float>(perVoxel * std::min(inside, 1.0) * std::max(texture, 0.08));
            }
        }
    }
}

}  // namespace

void drawNuclei(Canvas& canvas, const CellLayout& layout, double density, Rng& rng) {
    const double size = rng.uniform(4.5, 8), ballRadius = rng.uniform(0.3, 0.6);
    const double contrast = rng.uniform(0.15, 0.6);
    const ValueNoise coarse(rng, rng.uniform(0.9, 1.8)), fine(rng, rng.uniform(0.35, 0.7));
    std::vector<Nucleus> nuclei;
    for (const Cell& cell : layout.cells()) {
        if (std::max(std::abs(cell.nucleus.x) / canvas.widthUm(),
                     std::abs(cell.nucleus.y) / canvas.heightUm()) > 0.6)
            continue;
        nuclei.push_back(makeNucleus(rng, cell.nucleus, cell.nucleusLong, ballRadius));
        nuclei.back().a = cell.nucleusLong;
        nuclei.back().b = cell.nucleusShort;
        nuclei.back().angle = cell.nucleusAngle;
    }
    // More of them where the cells lie close: from a lone nucleus to a packed field, as the share
    // of the area that they cover.
    const double share = std::min(0.9, rng.logUniform(0.05, 0.55) * density);
    const auto wanted =
        static_cast<std::size_t>(std::lround(share * canvas.areaUm2() / (kPi * size * size * 0.8)));
    for (std::size_t attempt = 0; attempt < 40 * wanted && nuclei.size() < wanted; ++attempt) {
        const Point centre{rng.uniform(-0.52, 0.52) * canvas.widthUm(),
                           rng.uniform(-0.52, 0.52) * canvas.heightUm()};
        const bool apart = std::all_of(nuclei.begin(), nuclei.end(), [&](const Nucleus& other) {
            return std::hypot(other.centre.x - centre.x, other.centre.y - centre.y) >
                   0.9 * (size + other.a);
        });
        if (apart) nuclei.push_back(makeNucleus(rng, centre, size, ballRadius));
    }
    if (nuclei.empty())
        nuclei.push_back(makeNucleus(rng, layout.randomPoint(rng), size, ballRadius));
    for (const Nucleus& nucleus : nuclei)
        drawNucleus(canvas, nucleus, coarse, fine, contrast);
    const double haze = rng.logUniform(0.005, 0.15);
    canvas.addDiffuse([&](double x, double y) {
        return canvas.depthUm() * haze * (0.3 + layout.thickness({x, y}));
    });
}

}  // namespace posteria::simulation
