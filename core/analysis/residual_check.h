// Whether what a restoration leaves of its input, r = y - D(x), is noise alone. A camera's noise is
// white, with a variance that grows linearly with the light (photons and read-out): v = a + b D(x).
// a and b are fitted to the residual's finest detail, differences of neighbours, which structure
// hardly reaches; r over the root of v is then white wherever the restoration left nothing out and
// added nothing. What it did shows as power in long waves. Any thread.
#pragma once

#include "core/analysis/metrics.h"

namespace posteria::analysis {

struct ResidualCheck {
    double constant = 0, slope = 0;  // a in grey values squared, b in grey values
    // Power of the whitened residual in waves longer than 8 pixels over that in waves shorter than
    // 4: 1 for noise alone. NaN for planes below 32 pixels and where there is nothing to compare.
    double structure = 0;
};

// `degraded` is D(x) in the residual's units, plane by plane.
ResidualCheck checkResidual(const Planes& residual, const Planes& degraded);

}  // namespace posteria::analysis
