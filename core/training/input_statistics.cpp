#include "core/training/input_statistics.h"

#include "core/nn/input_check.h"
#include "core/tensor/torch_compat.h"

namespace posteria::training {

namespace {

constexpr int kFitted = 900, kOthers = 300;
constexpr std::uint64_t kStream = 3ull << 40;  // fields that no training step draws

}  // namespace

package::InputStatistics measureInputs(const FieldPool& pool, const CancelToken& token,
                                       const std::function<void(int done, int total)>& progress) {
    const auto& recipe = pool.recipe();
    const auto side = static_cast<int>(pool.fieldSize());
    std::vector<at::Tensor> fitted, others;
    for (int i = 0; i < kFitted; ++i) {
        token.throwIfCancelled();
        const auto field = pool.draw({1, side}, kStream + static_cast<std::uint64_t>(i));
        fitted.push_back(nn::inputFeatures(field.y[0][0]));
    }
    // Draws from the same fields lie nearer to those than other images of their kind do.
    for (int i = 0; i < kOthers; ++i) {
        token.throwIfCancelled();
        progress(i, kOthers);
        const auto field =
            heldOutField(recipe, validationSeed(recipe), recipe.validationFields + i);
        others.push_back(nn::inputFeatures(field.degraded));
    }
    progress(kOthers, kOthers);
    auto statistics = nn::fitInputStatistics(at::stack(fitted), at::stack(others));
    statistics.side = side;
    return statistics;
}

}  // namespace posteria::training
