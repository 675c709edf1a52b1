#include "core/simulation/outline.h"

#include <algorithm>
#include <cmath>

namespace posteria::simulation {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kFarthest = 1.6;  // no outline is farther from its centre, in mean radii

bool covers(const Cell& cell, Point p) {
    return std::hypot(p.x - cell.centre.x, p.y - cell.centre.y) < kFarthest * cell.radius &&
           cell.depth(p) < 1;
}

// The outline's distance from the centre and how that changes with the angle; see Cell::depth.
void radiusAt(const Cell& cell, double angle, double& radius, double& slope) {
    double outline = 1, change = 0;
    for (std::size_t i = 0; i < cell.wave.size(); ++i) {
        const double order = 2.0 + static_cast<double>(i);
        outline += cell.wave[i] * std::cos(order * angle + cell.phase[i]);
        change -= order * cell.wave[i] * std::sin(order * angle + cell.phase[i]);
    }
    radius = cell.radius * std::max(outline, 0.2);
    slope = outline > 0.2 ? cell.radius * change : 0;
}

}  // namespace

void walkOutlines(const CellLayout& layout, double halfWidth, double halfHeight, double stepUm,
                  const std::function<void(const OutlinePoint&)>& visit) {
    const auto& cells = layout.cells();
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const Cell& cell = cells[i];
        if (std::abs(cell.centre.x) > halfWidth + kFarthest * cell.radius ||
            std::abs(cell.centre.y) > halfHeight + kFarthest * cell.radius)
            continue;
        double radius = 0, slope = 0;
        for (double angle = 0; angle < 2 * kPi;) {
            radiusAt(cell, angle, radius, slope);
            const double perRadian = std::hypot(radius, slope);
            const double turn = std::min(stepUm / perRadian, 2 * kPi - angle);
            const double c = std::cos(angle), s = std::sin(angle);
            OutlinePoint point;
            point.p = {cell.centre.x + radius * c, cell.centre.y + radius * s};
            point.outward = {(radius * c + slope * s) / perRadian,
                             (radius * s - slope * c) / perRadian};
            point.stepUm = turn * perRadian;
            point.cell = i;
            angle += turn;
            if (std::abs(point.p.x) > halfWidth || std::abs(point.p.y) > halfHeight) continue;
            const auto onPoint = [&](const Cell& other) { return covers(other, point.p); };
            const auto here = cells.begin() + static_cast<std::ptrdiff_t>(i);
            if (std::any_of(cells.begin(), here, onPoint)) continue;
            point.contact = std::any_of(here + 1, cells.end(), onPoint);
            visit(point);
        }
    }
}

}  // namespace posteria::simulation
