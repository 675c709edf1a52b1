// Neuron morphologies and their SWC files, the format of NeuroMorpho.Org and the Allen Cell Types
// Database: `#` opens a comment, every other line is `id type x y z radius parent` in micrometres,
// parent -1 for a root (Cannon et al., J. Neurosci. Methods 84, 49, 1998). Ids may be any distinct
// whole numbers in any order, and there may be several roots. Plain values; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace posteria::simulation {

// The type column; further values, up to what an int holds, are custom ones.
enum SwcType : int { kSoma = 1, kAxon = 2, kBasalDendrite = 3, kApicalDendrite = 4, kSpine = 7 };

struct MorphologyNode {
    int type = 0;  // SwcType, or another number that a file gave
    double x = 0, y = 0, z = 0;
    double radius = 0;
    std::int32_t parent = -1;  // index into the nodes, which may lie behind this one; -1: a root
};

// A forest: following the parents from any node ends at a root.
struct Morphology {
    std::vector<MorphologyNode> nodes;
};

constexpr std::size_t kMostSwcNodes = 5000000;

// Throws Error{Input}, with `name` and the line number as its place, for anything but seven numbers
// in a line, ids that are used twice, parents that are not there, cycles, lengths that no neuron
// has, no node at all, or more nodes than kMostSwcNodes.
Morphology parseSwc(const std::string& text, const std::string& name);
// The same for a file, which may also be missing.
Morphology readSwc(const std::string& path);

// Ids 1, 2, … in the order of the nodes; positions and radii come back exactly.
std::string formatSwc(const Morphology& morphology);
// Throws Error{Failed} when the file cannot be written.
void writeSwc(const Morphology& morphology, const std::string& path);

}  // namespace posteria::simulation
