// Pairs of images to calibrate with: a degraded one, and its truth of as many channels as a model
// restores, in the degraded one's grey values above the camera offset. Safe from any thread; both
// functions read folders and files.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/package/model_package.h"

namespace posteria::engine {

struct ImagePair {
    std::string input, truth;        // paths
    std::optional<double> severity;  // of the input, where it is known

    bool operator==(const ImagePair& o) const { return input == o.input && truth == o.truth; }
};

// The pairs in a folder as `simulate` writes it, input*.tif beside truth*.tif, in the order of
// their names; the severity is taken from its simulation.json, where there is one. Throws
// Error{Input} for a folder without pairs, and for an input without its truth.
std::vector<ImagePair> pairsIn(const std::string& folder);
// Images of one folder and those of equal names (without their endings) in another. Throws
// Error{Input} where there are none.
std::vector<ImagePair> pairsOf(const std::string& inputs, const std::string& truths);
// Throws Error{Input} unless both can be read, the input has one channel, and the truth has its
// size and the model's channels.
void requirePair(const ImagePair& pair, const package::ModelPackage& model);

}  // namespace posteria::engine
