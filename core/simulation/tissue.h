// A confluent sheet of many-sided cells, as an epithelium seen from above: the Voronoi cells of a
// jittered triangular lattice. Micrometres, the origin in the field's middle; a function of the
// random numbers alone.
#pragma once

#include <vector>

#include "core/simulation/cell_layout.h"

namespace posteria::simulation {

class Tissue {
  public:
    struct Border {
        Point from, to;
    };

    // Covers a field of this size and a margin around it with cells about spacingUm wide.
    Tissue(Rng& rng, double widthUm, double heightUm, double spacingUm);

    const std::vector<Point>& sites() const { return m_sites; }
    // Every border between two cells once; they end where three cells meet.
    std::vector<Border> borders() const;

  private:
    struct Corner {
        Point p;
        int beyond;  // the site behind the border from here to the next corner; -1: none
    };

    std::vector<Corner> cellOf(int row, int column) const;
    void cut(std::vector<Corner>& cell, Point site, int other) const;

    double m_spacing;
    int m_columns, m_rows;
    std::vector<Point> m_sites;
};

}  // namespace posteria::simulation
