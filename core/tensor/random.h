// Random numbers from explicit generators only; the global seed is never touched. A draw depends on
// (seed, stream) and nothing else, so posterior sample k is the same whatever else is drawn.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>

namespace posteria::tensor {

// A CPU generator whose state is a hash of seed and stream: neighbouring streams are unrelated.
at::Generator makeGenerator(std::uint64_t seed, std::uint64_t stream);

// Standard normal float32 values on the CPU, shape as given.
at::Tensor normal(at::IntArrayRef shape, at::Generator& generator);

}  // namespace posteria::tensor
