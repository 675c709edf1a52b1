#include "core/tensor/random.h"

#include "core/tensor/torch_compat.h"

namespace posteria::tensor {

namespace {

// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t mix(std::uint64_t z) {
    z += 0x9e3779b97f4a7c15ull;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

}  // namespace

at::Generator makeGenerator(std::uint64_t seed, std::uint64_t stream) {
    return at::detail::createCPUGenerator(mix(mix(seed) ^ mix(stream + 0x632be59bd9b4e019ull)));
}

at::Tensor normal(at::IntArrayRef shape, at::Generator& generator) {
    return at::randn(shape, generator, at::TensorOptions().dtype(at::kFloat));
}

}  // namespace posteria::tensor
