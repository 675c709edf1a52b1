#include "core/simulation/cell_layout.h"

#include <algorithm>
#include <cmath>

namespace posteria::simulation {

namespace {

constexpr double kPi = 3.14159265358979323846;

Cell makeCell(Rng& rng, Point centre, double radius) {
    Cell cell;
    cell.centre = centre;
    cell.radius = radius;
    for (std::size_t i = 0; i < cell.wave.size(); ++i) {
        cell.wave[i] = rng.uniform(0, 0.28) / (1.0 + 0.7 * static_cast<double>(i));
        cell.phase[i] = rng.uniform(0, 2 * kPi);
    }
    cell.nucleusLong = rng.uniform(5.0, 8.0);
    cell.nucleusShort = cell.nucleusLong * rng.uniform(0.65, 0.95);
    cell.nucleusAngle = rng.uniform(0, kPi);
    const double away = rng.uniform(0, 0.25) * radius, angle = rng.uniform(0, 2 * kPi);
    cell.nucleus = {centre.x + away * std::cos(angle), centre.y + away * std::sin(angle)};
    return cell;
}

}  // namespace

double Cell::depth(Point p) const {
    const double dx = p.x - centre.x, dy = p.y - centre.y;
    const double angle = std::atan2(dy, dx);
    double outline = 1;
    for (std::size_t i = 0; i < wave.size(); ++i)
        outline += wave[i] * std::cos((2.0 + static_cast<double>(i)) * angle + phase[i]);
    return std::hypot(dx, dy) / (radius * std::max(outline, 0.2));
}

double Cell::nucleusDepth(Point p) const {
    const double dx = p.x - nucleus.x, dy = p.y - nucleus.y;
    const double c = std::cos(nucleusAngle), s = std::sin(nucleusAngle);
    return std::hypot((c * dx + s * dy) / nucleusLong, (c * dy - s * dx) / nucleusShort);
}

CellLayout::CellLayout(Rng& rng, double widthUm, double heightUm)
    : m_width(widthUm), m_height(heightUm) {
    const double side = std::max(widthUm, heightUm);
    if (rng.chance(0.45)) {
        const Point centre{rng.uniform(-0.6, 0.6) * widthUm, rng.uniform(-0.6, 0.6) * heightUm};
        m_cells.push_back(makeCell(rng, centre, 4 * side));
        m_cells.back().nucleus = {centre.x * 0.8, centre.y * 0.8};
    } else {
        const double radius = rng.uniform(11, 24);
        const double share = kPi * radius * radius / (widthUm * heightUm);
        const int wanted =
            std::clamp(static_cast<int>(std::lround(rng.uniform(0.5, 1.6) / share)), 1, 400);
        for (int attempt = 0; attempt < 20 * wanted && static_cast<int>(m_cells.size()) < wanted;
             ++attempt) {
            const Point centre{rng.uniform(-0.6, 0.6) * widthUm, rng.uniform(-0.6, 0.6) * heightUm};
            const bool apart = std::all_of(m_cells.begin(), m_cells.end(), [&](const Cell& other) {
                return std::hypot(other.centre.x - centre.x, other.centre.y - centre.y) >
                       1.1 * radius;
            });
            if (apart) m_cells.push_back(makeCell(rng, centre, radius * rng.uniform(0.8, 1.25)));
        }
    }
    constexpr int kProbes = 32;
    int hits = 0;
    for (int i = 0; i < kProbes; ++i)
        for (int j = 0; j < kProbes; ++j)
            hits += inside(
                {widthUm * ((i + 0.5) / kProbes - 0.5), heightUm * ((j + 0.5) / kProbes - 0.5)});
    if (hits < kProbes * kProbes / 20) {  // a field with next to no cell in it teaches nothing
        m_cells = {makeCell(rng, {0, 0}, 0.45 * side)};
        hits = kProbes * kProbes / 2;
    }
    m_area = widthUm * heightUm * hits / (kProbes * kProbes);
}

const Cell* CellLayout::cellAt(Point p) const {
    for (const Cell& cell : m_cells)
        if (cell.depth(p) < 1) return &cell;
    return nullptr;
}

bool CellLayout::insideNucleus(Point p) const {
    return std::any_of(m_cells.begin(), m_cells.end(),
                       [&](const Cell& cell) { return cell.nucleusDepth(p) < 1; });
}

double CellLayout::thickness(Point p) const {
    double most = 0;
    for (const Cell& cell : m_cells) {
        const double depth = cell.depth(p);
        if (depth < 1) most = std::max(most, std::sqrt(1 - depth * depth));
    }
    return most;
}

Point CellLayout::randomPoint(Rng& rng) const {
    for (int attempt = 0; attempt < 200; ++attempt) {
        const Point p{rng.uniform(-0.5, 0.5) * m_width, rng.uniform(-0.5, 0.5) * m_height};
        if (inside(p)) return p;
    }
    return m_cells.front().centre;
}

}  // namespace posteria::simulation
