#include "core/training/input_statistics.h"

#include "core/nn/input_check.h"
#include "core/tensor/torch_compat.h"

namespace posteria::training {

namespace {

constexpr int kFitted = 600, kOthers = 300;

}  // namespace

package::InputStatistics measureInputs(const Recipe& recipe, const CancelToken& token,
                                       const std::function<void(int done, int total)>& progress) {
    std::vector<at::Tensor> fitted, others;
    std::int64_t side = 0;
    for (int i = 0; i < kFitted + kOthers; ++i) {
        token.throwIfCancelled();
        progress(i, kFitted + kOthers);
        const auto field =
            heldOutField(recipe, validationSeed(recipe), recipe.validationFields + i);
        side = field.degraded.size(0);
        (i < kFitted ? fitted : others).push_back(nn::inputFeatures(field.degraded));
    }
    progress(kFitted + kOthers, kFitted + kOthers);
    auto statistics = nn::fitInputStatistics(at::stack(fitted), at::stack(others));
    statistics.side = static_cast<int>(side);
    return statistics;
}

}  // namespace posteria::training
