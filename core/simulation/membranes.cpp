#include <algorithm>
#include <cmath>

#include "core/simulation/drawing.h"
#include "core/simulation/outline.h"
#include "core/simulation/tissue.h"
#include "core/simulation/value_noise.h"

namespace posteria::simulation {

namespace {

constexpr double kPi = 3.14159265358979323846;

// A cell's wall leans inwards towards its top and is bent.
struct Wall {
    double lean, bend;
};

class Membranes {
  public:
    Membranes(Canvas& canvas, Rng& rng)
        : m_canvas(canvas),
          m_rng(rng),
          m_level(rng.logUniform(0.5, 1.6)),
          m_patchiness(rng.uniform(0.15, 0.7)),
          m_ruffle(rng.uniform(0.03, 0.2)),
          m_patches(rng, rng.uniform(0.5, 1.2)),
          m_grains(rng, rng.uniform(0.2, 0.35)),
          m_ruffles(rng, rng.uniform(0.8, 2)) {}

    Wall randomWall() { return {0.35 * m_rng.normal(), 0.15 * m_rng.normal()}; }

    // The strip of wall, `step` wide and as high as the volume, that stands on the point p.
    void drawWall(Point p, Point outward, double step, const Wall& wall, double sheets) {
        const double top = 0.5 * m_canvas.depthUm(),
                     height = 0.4 * m_canvas.depthUm() / static_cast<double>(m_canvas.planes());
        for (double z = 0.5 * height - top; z < top; z += height) {
            const double out = -wall.lean * z + wall.bend * (z * z - 0.4) +
                               m_ruffle * m_ruffles.at(p.x, p.y, 0.5 * z);
            const Point q{p.x + out * outward.x, p.y + out * outward.y};
            m_canvas.splat(q.x, q.y, z, sheets * step * height * dye(q.x, q.y, z));
        }
    }

    // The sheets above and below the cells: flat below, a dome over each cell above.
    void drawCaps(const CellLayout& layout) {
        const double dome = m_rng.logUniform(0.8, 6), below = 0.5 * m_canvas.depthUm();
        const double top = 0.9 * below;  // higher up it would only be out of focus
        const double bottom = -below * m_rng.uniform(0.4, 1.3), lift = m_rng.uniform(0.05, 0.4);
        constexpr std::int64_t kGrid = 4;  // the layout is asked every so many pixels
        const auto columns = m_canvas.width() / kGrid + 2;
        std::vector<double> rows[2];
        const auto fill = [&](std::vector<double>& row, std::int64_t r) {
            row.resize(static_cast<std::size_t>(columns));
            for (std::int64_t c = 0; c < columns; ++c)
                row[static_cast<std::size_t>(c)] =
                    layout.thickness({m_canvas.xOf(static_cast<double>(c * kGrid)),
                                      m_canvas.yOf(static_cast<double>(r * kGrid))});
        };
        const double area = m_canvas.pixelUm() * m_canvas.pixelUm();
        fill(rows[1], 0);
        for (std::int64_t row = 0; row < m_canvas.height(); ++row) {
            if (row % kGrid == 0) {
                std::swap(rows[0], rows[1]);
                fill(rows[1], row / kGrid + 1);
            }
            const double fy = static_cast<double>(row % kGrid) / kGrid;
            const double y = m_canvas.yOf(static_cast<double>(row));
            for (std::int64_t column = 0; column < m_canvas.width(); ++column) {
                const auto c = static_cast<std::size_t>(column / kGrid);
                const double fx = static_cast<double>(column % kGrid) / kGrid;
                const double thick = (1 - fy) * ((1 - fx) * rows[0][c] + fx * rows[0][c + 1]) +
                                     fy * ((1 - fx) * rows[1][c] + fx * rows[1][c + 1]);
                if (thick <= 0.02) continue;
                const double x = m_canvas.xOf(static_cast<double>(column));
                const double z =
                    bottom + dome * thick + lift * m_ruffles.at(x, y, 4) * (0.3 + thick);
                m_canvas.splat(x, y, bottom, area * dye(x, y, bottom));
                m_canvas.splat(x, y, std::clamp(z, bottom, std::max(bottom, top)),
                               area * dye(x, y, z));
            }
        }
    }

    // A thin tube of membrane that stands off the cell.
    void drawFilopodium(Point p, double direction, double z) {
        constexpr double kRadius = 0.07;
        const double length = m_rng.logUniform(0.7, 6), step = 0.4 * m_canvas.pixelUm();
        const double bend = 0.08 * m_rng.normal(), rise = 0.1 * m_rng.normal();
        for (double s = 0; s < length; s += step) {
            m_canvas.splat(p.x, p.y, z + rise * s, 2 * kPi * kRadius * step * dye(p.x, p.y, z));
            p = {p.x + step * std::cos(direction + bend * s),
                 p.y + step * std::sin(direction + bend * s)};
        }
    }

    // Membrane taken up by the cell: small vesicles.
    void drawVesicles(const CellLayout& layout, double perUm2) {
        const auto count =
            static_cast<int>(std::ceil(perUm2 * depthFactor(m_canvas) * layout.areaUm2()));
        for (int i = 0; i < count; ++i) {
            const Point p = layout.randomPoint(m_rng);
            const double radius = 0.12 * m_rng.logNormal(0.4);
            const double z = m_rng.uniform(-0.5, 0.5) * m_canvas.depthUm();
            constexpr int kPoints = 24;
            for (int k = 0; k < kPoints; ++k) {
                const double h = 1 - 2 * (k + 0.5) / kPoints, angle = 2.399963229728653 * k;
                const double around = radius * std::sqrt(1 - h * h);
                m_canvas.splat(p.x + around * std::cos(angle), p.y + around * std::sin(angle),
                               z + radius * h, m_level * 4 * kPi * radius * radius / kPoints);
            }
        }
    }

  private:
    // Fluorophores a square micrometre of one membrane, with patches and grains.
    double dye(double x, double y, double z) const {
        // Turned against the pixels and against each other, so that the lattices do not show.
        const double patch = m_patches.at(0.8 * x - 0.6 * y, 0.6 * x + 0.8 * y, z);
        const double grain = m_grains.at(0.92 * x + 0.39 * y, 0.92 * y - 0.39 * x, z) +
                             m_grains.at(0.38 * x - 0.92 * y + 7, 0.92 * x + 0.38 * y, z + 1);
        return m_level * std::max(0.1, 1 + m_patchiness * (patch + 0.5 * grain));
    }

    Canvas& m_canvas;
    Rng& m_rng;
    double m_level, m_patchiness, m_ruffle;
    ValueNoise m_patches, m_grains, m_ruffles;
};

// Cells around the layout's own places.
void drawOutlines(Canvas& canvas, const CellLayout& layout, Membranes& membranes, double density,
                  Rng& rng) {
    std::vector<Wall> walls;
    for (std::size_t i = 0; i < layout.cells().size(); ++i)
        walls.push_back(membranes.randomWall());
    const double perUm = rng.chance(0.6) ? rng.logUniform(0.02, 0.6) * density : 0;
    const double step = 0.4 * canvas.pixelUm(), low = -0.4 * canvas.depthUm();
    walkOutlines(
        layout, 0.5 * canvas.widthUm() + 2, 0.5 * canvas.heightUm() + 2, step,
        [&](const OutlinePoint& at) {
            membranes.drawWall(at.p, at.outward, at.stepUm, walls[at.cell], at.contact ? 2 : 1);
            if (at.contact || !rng.chance(perUm * at.stepUm)) return;
            membranes.drawFilopodium(at.p,
                                     std::atan2(at.outward.y, at.outward.x) + 0.4 * rng.normal(),
                                     low * rng.uniform(0, 1));
        });
    membranes.drawCaps(layout);
}

// A confluent sheet, for a layout whose one cell shows no border in the field.
void drawTissue(Canvas& canvas, Membranes& membranes, double density, Rng& rng) {
    // However large the field, it holds no more cells than can be drawn in reasonable time.
    const double least = std::max(1.0, std::max(canvas.widthUm(), canvas.heightUm()) / 150);
    const double spacing = std::max(least, rng.logUniform(7, 18) / std::sqrt(density));
    const Tissue tissue(rng, canvas.widthUm(), canvas.heightUm(), spacing);
    const double wave = rng.uniform(0.01, 0.06) * spacing, step = 0.4 * canvas.pixelUm();
    for (const auto& [from, to] : tissue.borders()) {
        const double length = std::hypot(to.x - from.x, to.y - from.y);
        const Wall wall = membranes.randomWall();
        const double first = wave * rng.normal(), second = 0.6 * wave * rng.normal();
        const double level = 2 * rng.logNormal(0.15);  // two cells meet, each with its membrane
        if (!(length > 0)) continue;
        const double ux = (to.x - from.x) / length, uy = (to.y - from.y) / length;
        for (double s = 0.5 * step; s < length; s += step) {
            // Bent between its ends, which stay where three cells meet; so does the lean.
            const double half = std::sin(kPi * s / length);
            const double off = first * half + second * std::sin(2 * kPi * s / length);
            membranes.drawWall({from.x + s * ux - off * uy, from.y + s * uy + off * ux}, {-uy, ux},
                               step, {wall.lean * half, wall.bend * half}, level);
        }
    }
}

}  // namespace

void drawMembranes(Canvas& canvas, const CellLayout& layout, double density, Rng& rng) {
    Membranes membranes(canvas, rng);
    const bool borderless =
        layout.cells().size() == 1 &&
        layout.cells()[0].radius > std::max(canvas.widthUm(), canvas.heightUm());
    if (borderless)
        drawTissue(canvas, membranes, density, rng);
    else
        drawOutlines(canvas, layout, membranes, density, rng);
    membranes.drawVesicles(layout, rng.logUniform(0.01, 0.25) * density);
    drawBackground(canvas, layout, rng.logUniform(0.03, 0.8), rng);
}

}  // namespace posteria::simulation
