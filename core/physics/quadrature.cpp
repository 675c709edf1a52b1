#include "core/physics/quadrature.h"

#include <cmath>

namespace posteria::physics {

// Newton's iteration on the Legendre polynomial, started at Tricomi's approximation of its roots
// (Abramowitz and Stegun 22.16.6), with the weights of 25.4.29.
Quadrature gaussLegendre(int n) {
    constexpr double kPi = 3.14159265358979323846;
    Quadrature rule{std::vector<double>(n), std::vector<double>(n)};
    for (int i = 0; i < (n + 1) / 2; ++i) {
        double x = std::cos(kPi * (i + 0.75) / (n + 0.5)), slope = 1;
        for (int iteration = 0; iteration < 50; ++iteration) {
            double value = x, before = 1;  // P_1 and P_0
            for (int k = 2; k <= n; ++k) {
                const double next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
                before = value;
                value = next;
            }
            slope = n * (x * value - before) / (x * x - 1);
            const double change = value / slope;
            x -= change;
            if (std::abs(change) < 1e-15) break;
        }
        rule.nodes[i] = -x;
        rule.nodes[n - 1 - i] = x;
        rule.weights[i] = rule.weights[n - 1 - i] = 2 / ((1 - x * x) * slope * slope);
    }
    return rule;
}

}  // namespace posteria::physics
