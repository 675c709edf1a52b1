// Neurons grown at random, as morphologies that an SWC file can hold: a soma at the origin,
// dendrites that taper and fork (radii after Rall: r^3/2 is kept), spines on them, and a thin axon
// with collaterals and boutons. The tree spreads in the plane, as in culture, and stays within
// `halfDepthUm` of it. Micrometres; a function of the style and the random numbers alone.
#pragma once

#include "core/simulation/rng.h"
#include "core/simulation/swc.h"

namespace posteria::simulation {

struct NeuronStyle {
    double somaRadiusUm = 6;
    int dendrites = 5;              // that leave the soma
    double stemRadiusUm = 0.8;      // of a dendrite
    double thinnestUm = 0.2;        // no dendrite tapers below this radius
    double dendriteLengthUm = 110;  // from the soma to a tip
    double branchEveryUm = 35;      // mean distance between forks
    double spinesPerUm = 0.7;       // of dendrite
    double axonLengthUm = 300;      // without its collaterals; 0: no axon
    double axonRadiusUm = 0.15;
    double boutonEveryUm = 4;    // mean distance along the axon
    double persistenceUm = 100;  // of a neurite's direction
    double halfDepthUm = 1.5;
};

// One of the many kinds there are: spiny or smooth, bushy or sparse.
NeuronStyle randomNeuronStyle(Rng& rng, double halfDepthUm);
// Parents come before their children; node 0 is the soma.
Morphology growNeuron(const NeuronStyle& style, Rng& rng);

}  // namespace posteria::simulation
