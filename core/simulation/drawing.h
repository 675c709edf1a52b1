// The kinds of structure. Each draws into a zeroed canvas with a density, brightness and
// background of its own choosing, which differ strongly from seed to seed; `density` multiplies the
// amount of structure.
#pragma once

#include "core/simulation/canvas.h"
#include "core/simulation/cell_layout.h"
#include "core/simulation/rng.h"
#include "core/simulation/swc.h"

namespace posteria::simulation {

// Microtubule-like curves: meshes, asters, aligned runs and bundles.
void drawFilaments(Canvas& canvas, const CellLayout& layout, double density, Rng& rng);
// Spots from point-like to 0.8 um, some of them rings; scattered, clustered and around the nucleus.
void drawVesicles(Canvas& canvas, const CellLayout& layout, double density, Rng& rng);
// Nuclei with chromatin texture, dense spots and nucleoli.
void drawNuclei(Canvas& canvas, const CellLayout& layout, double density, Rng& rng);
// Short, thick, sometimes branched tubes of varying width around the nucleus.
void drawMitochondria(Canvas& canvas, const CellLayout& layout, double density, Rng& rng);

// Neurons filled with dye, their somata around nuclei of the layout: dendrites with spines, thin
// axons with boutons, and the neurites of cells outside the field. Given a neuron, that one is
// drawn instead, turned and placed anew for each seed.
void drawNeurons(Canvas& canvas, const CellLayout& layout, double density, Rng& rng,
                 const Morphology* neuron = nullptr);
// A neuron as it stands, its positions measured from the middle of the canvas: every piece between
// a node and its parent a tapered line, a soma a ball, `density` fluorophores a cubic micrometre.
// Returns the length of neurite within the canvas.
double drawMorphology(Canvas& canvas, const Morphology& morphology, double density);
// Cell outlines as thin curved sheets of uneven brightness, brighter where two cells touch, with
// filopodia and a few vesicles; a confluent tissue where the layout's one cell fills the field.
void drawMembranes(Canvas& canvas, const CellLayout& layout, double density, Rng& rng);
// Straight fibres: bundles that cross the cell, a fine mesh, the cortex and spikes at its border.
void drawActin(Canvas& canvas, const CellLayout& layout, double density, Rng& rng);

// Unbound dye: `share` of the structure's own light spread over the cells' thickness with slow
// variations, and a tenth of that everywhere.
void drawBackground(Canvas& canvas, const CellLayout& layout, double share, Rng& rng);

// How much more structure a volume holds than the 2.25 um of a default field.
inline double depthFactor(const Canvas& canvas) {
    return canvas.depthUm() / 2.25;
}

}  // namespace posteria::simulation
