// Gauss-Legendre quadrature: n nodes integrate a smooth or oscillating function as soon as there
// are some more than half of them to a radian of phase, where Simpson's rule needs several times as
// many. Pure function: any thread.
#pragma once

#include <vector>

namespace posteria::physics {

struct Quadrature {
    std::vector<double> nodes, weights;  // on [-1, 1]; the weights sum to two
};

// n >= 1 nodes, exact for polynomials up to degree 2 n - 1.
Quadrature gaussLegendre(int n);

}  // namespace posteria::physics
