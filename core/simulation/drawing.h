// The four kinds of structure. Each draws into a zeroed canvas with a density, brightness and
// background of its own choosing, which differ strongly from seed to seed; `density` multiplies the
// amount of structure.
#pragma once

#include "core/simulation/canvas.h"
#include "core/simulation/cell_layout.h"
#include "core/simulation/rng.h"

namespace posteria::simulation {

// Microtubule-like curves: meshes, asters, aligned runs and bundles.
void drawFilaments(Canvas& canvas, const CellLayout& layout, double density, Rng& rng);
// Spots from point-like to 0.8 um, some of them rings; scattered, clustered and around the nucleus.
void drawVesicles(Canvas& canvas, const CellLayout& layout, double density, Rng& rng);
// Nuclei with chromatin texture, dense spots and nucleoli.
void drawNuclei(Canvas& canvas, const CellLayout& layout, double density, Rng& rng);
// Short, thick, sometimes branched tubes of varying width around the nucleus.
void drawMitochondria(Canvas& canvas, const CellLayout& layout, double density, Rng& rng);

// Unbound dye: `share` of the structure's own light spread over the cells' thickness with slow
// variations, and a tenth of that everywhere.
void drawBackground(Canvas& canvas, const CellLayout& layout, double share, Rng& rng);

// How much more structure a volume holds than the 2.25 um of a default field.
inline double depthFactor(const Canvas& canvas) {
    return canvas.depthUm() / 2.25;
}

}  // namespace posteria::simulation
