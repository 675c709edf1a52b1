// The parts of a plane that hold something to judge it by. Private to the engine.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace posteria::engine {

// Tiles of a [1, 1, H, W] plane with standard deviation 1, side by side, without those that hold
// next to nothing: at least one. Of tiles at the end of the plane, which are smaller, those count
// that lie in it for half or more.
std::vector<at::Tensor> tilesWithSignal(const at::Tensor& plane, int side);
// Those of them that have the size of the images a model was told to compare with, side x side. A
// plane that is smaller, but has half of it in each direction, is mirrored at its ends; of one
// smaller still there is none.
std::vector<at::Tensor> comparableTiles(const at::Tensor& plane, int side);

}  // namespace posteria::engine
