// Where the cells of a field lie: outlines, thickness and nuclei. The layout depends on the seed
// alone, so two scenes drawn with one seed share their cells. Micrometres, the origin in the
// field's middle.
#pragma once

#include <array>
#include <vector>

#include "core/simulation/rng.h"

namespace posteria::simulation {

struct Point {
    double x = 0, y = 0;
};

struct Cell {
    Point centre;
    double radius = 15;  // mean, of the outline
    std::array<double, 3> wave{},
        phase{};  // outline's Fourier terms 2, 3, 4, relative to the radius
    Point nucleus;
    double nucleusLong = 6, nucleusShort = 5, nucleusAngle = 0;

    // Distance from the centre over the outline's radius in that direction; below 1 is inside.
    double depth(Point p) const;
    // Below 1 inside the nucleus.
    double nucleusDepth(Point p) const;
};

class CellLayout {
  public:
    // Either one cell larger than the field, or a few that leave dark background between them.
    CellLayout(Rng& rng, double widthUm, double heightUm);

    const std::vector<Cell>& cells() const { return m_cells; }
    const Cell* cellAt(Point p) const;  // null outside every cell
    bool inside(Point p) const { return cellAt(p) != nullptr; }
    bool insideNucleus(Point p) const;
    // 0 outside and at the rim, 1 in the middle of a cell.
    double thickness(Point p) const;
    // A random point of a random cell within the field; falls back on the field's middle cell.
    Point randomPoint(Rng& rng) const;
    double areaUm2() const { return m_area; }  // of the field, covered by cells

  private:
    std::vector<Cell> m_cells;
    double m_width, m_height, m_area = 0;
};

}  // namespace posteria::simulation
