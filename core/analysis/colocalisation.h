// How far two channels light up together, in one image. Planes are float32 of one size. Safe from
// any thread.
#pragma once

#include "core/analysis/labelling.h"

namespace posteria::analysis {

// What is not defined is NaN.
struct Colocalisation {
    // Correlation of all pixels (Pearson): cov(A, B) / (s_A s_B).
    double pearson = 0;
    // The share of channel A's intensity in A's objects that lies in objects of B, too, and the
    // other way round (Manders, Verbeek & Aten 1993, "colocalisation coefficients", with objects as
    // what lies above the background): M1 = sum of A over A and B / sum of A over A.
    double manders1 = 0, manders2 = 0;
};

// Throws Error{Usage} for planes that do not match.
Colocalisation colocalise(const image::Plane& a, const Labelling& objectsA, const image::Plane& b,
                          const Labelling& objectsB);

}  // namespace posteria::analysis
