#include "core/simulation/tissue.h"

namespace posteria::simulation {

namespace {

constexpr double kRowHeight = 0.8660254037844386;  // of a triangular lattice, in spacings

}  // namespace

Tissue::Tissue(Rng& rng, double widthUm, double heightUm, double spacingUm)
    : m_spacing(spacingUm),
      m_columns(static_cast<int>(widthUm / spacingUm) + 8),
      m_rows(static_cast<int>(heightUm / (spacingUm * kRowHeight)) + 8) {
    const double jitter = rng.uniform(0.15, 0.4) * spacingUm;
    const double shiftX = rng.uniform(0, spacingUm), shiftY = rng.uniform(0, spacingUm);
    for (int r = 0; r < m_rows; ++r)
        for (int c = 0; c < m_columns; ++c) {
            const double x = (c + 0.5 * (r % 2) - 0.5 * m_columns) * spacingUm + shiftX;
            const double y = (r - 0.5 * m_rows) * spacingUm * kRowHeight + shiftY;
            const double dx = jitter * rng.uniform(-1, 1), dy = jitter * rng.uniform(-1, 1);
            m_sites.push_back({x + dx, y + dy});
        }
}

std::vector<Tissue::Border> Tissue::borders() const {
    std::vector<Border> borders;
    for (int row = 2; row < m_rows - 2; ++row)
        for (int column = 2; column < m_columns - 2; ++column) {
            const auto cell = cellOf(row, column);
            for (std::size_t i = 0; i < cell.size(); ++i)
                if (cell[i].beyond > row * m_columns + column)
                    borders.push_back({cell[i].p, cell[(i + 1) % cell.size()].p});
        }
    return borders;
}

// A square that every neighbour cuts its share off; none lies more than two rows or columns away.
std::vector<Tissue::Corner> Tissue::cellOf(int row, int column) const {
    const Point site = m_sites[static_cast<std::size_t>(row * m_columns + column)];
    const double far = 3 * m_spacing;
    std::vector<Corner> cell{{{site.x - far, site.y - far}, -1},
                             {{site.x + far, site.y - far}, -1},
                             {{site.x + far, site.y + far}, -1},
                             {{site.x - far, site.y + far}, -1}};
    for (int r = row - 2; r <= row + 2; ++r)
        for (int c = column - 2; c <= column + 2; ++c)
            if (r != row || c != column) cut(cell, site, r * m_columns + c);
    return cell;
}

// Keeps the part that is nearer to the cell's own site than to the other.
void Tissue::cut(std::vector<Corner>& cell, Point site, int other) const {
    const Point there = m_sites[static_cast<std::size_t>(other)];
    const double nx = there.x - site.x, ny = there.y - site.y;
    const double limit =
        0.5 * (there.x * there.x + there.y * there.y - site.x * site.x - site.y * site.y);
    const auto beyond = [&](Point p) { return nx * p.x + ny * p.y - limit; };
    std::vector<Corner> kept;
    for (std::size_t i = 0; i < cell.size(); ++i) {
        const Corner &a = cell[i], &b = cell[(i + 1) % cell.size()];
        const double da = beyond(a.p), db = beyond(b.p);
        if (da <= 0) kept.push_back(a);
        if ((da <= 0) == (db <= 0)) continue;
        const double t = da / (da - db);
        const Point p{a.p.x + t * (b.p.x - a.p.x), a.p.y + t * (b.p.y - a.p.y)};
        kept.push_back({p, da <= 0 ? other : a.beyond});
    }
    cell.swap(kept);
}

}  // namespace posteria::simulation
