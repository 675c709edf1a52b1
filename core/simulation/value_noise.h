// Smooth random values in three dimensions: a lattice of uniform numbers, `cellUm` apart, with a
// smooth interpolation between them; mean 0, about -1 to 1. It repeats after 32 cells in x and y
// and after 8 in z. Textures of dye are made of it. Micrometres; reading is thread-safe.
#pragma once

#include <array>
#include <cstddef>

#include "core/simulation/rng.h"

namespace posteria::simulation {

class ValueNoise {
  public:
    ValueNoise(Rng& rng, double cellUm) : m_cell(cellUm) {
        for (float& v : m_lattice)
            v = static_cast<float>(rng.uniform(-1, 1));
    }
    double at(double x, double y, double z) const {
        const double p[3] = {x / m_cell + 512, y / m_cell + 512, z / m_cell + 512};
        int low[3];
        double f[3];
        for (int i = 0; i < 3; ++i) {
            low[i] = static_cast<int>(p[i]);
            f[i] = p[i] - low[i];
            f[i] = f[i] * f[i] * (3 - 2 * f[i]);
        }
        double sum = 0;
        for (int k = 0; k < 8; ++k) {
            const int ix = low[0] + (k & 1), iy = low[1] + ((k >> 1) & 1), iz = low[2] + (k >> 2);
            const double w = ((k & 1) ? f[0] : 1 - f[0]) * ((k & 2) ? f[1] : 1 - f[1]) *
                             ((k & 4) ? f[2] : 1 - f[2]);
            sum +=
                w *
                m_lattice[static_cast<std::size_t>((ix & 31) + 32 * (iy & 31) + 1024 * (iz & 7))];
        }
        return sum;
    }

  private:
    double m_cell;
    std::array<float, 32 * 32 * 8> m_lattice{};
};

}  // namespace posteria::simulation
