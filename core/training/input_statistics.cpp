#include "core/training/input_statistics.h"

#include "core/nn/input_check.h"
#include "core/tensor/torch_compat.h"

namespace posteria::training {

namespace {

constexpr int kFitted = 900, kOthers = 300;
constexpr std::uint64_t kStream = 3ull << 40;  // fields that no training step draws

}  // namespace

package::InputStatistics measureInputs(const FieldPool& pool, const CancelToken& token) {
    const auto side = static_cast<int>(pool.fieldSize());
    std::vector<at::Tensor> features;
    for (int i = 0; i < kFitted + kOthers; ++i) {
        token.throwIfCancelled();
        const auto field = pool.draw({1, side}, kStream + static_cast<std::uint64_t>(i));
        features.push_back(nn::inputFeatures(field.y[0][0]));
    }
    const at::Tensor all = at::stack(features);
    auto statistics = nn::fitInputStatistics(all.slice(0, 0, kFitted), all.slice(0, kFitted));
    statistics.side = side;
    return statistics;
}

}  // namespace posteria::training
