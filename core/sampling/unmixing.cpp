#include "core/sampling/unmixing.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/tensor/torch_compat.h"

namespace posteria::sampling {

namespace {

constexpr int kSweeps = 1000;
constexpr double kSettled = 1e-6;  // of the largest value

}  // namespace

at::Tensor nonNegativeLeastSquares(const at::Tensor& y, const at::Tensor& matrix) {
    if (!matrix.defined() || matrix.dim() != 2 || matrix.size(0) != y.size(1)) {
        throw Error(ErrorKind::Usage,
                    "The unmixing matrix does not fit an image of " + std::to_string(y.size(1)) +
                        " channels.",
                    {}, "Choose as many channels as the matrix has rows.");
    }
    const at::Tensor m = matrix.to(y.options());
    const at::Tensor gram = at::matmul(m.t(), m).to(at::kCPU, at::kDouble);
    const auto structures = m.size(1);
    for (std::int64_t c = 0; c < structures; ++c) {
        if (!(gram[c][c].item<double>() > 0))
            throw Error(ErrorKind::Usage, "A column of the unmixing matrix is empty.");
    }
    const at::Tensor seen = at::einsum("dc,ndhw->nchw", {m, y});  // M^T y
    std::vector<at::Tensor> x(static_cast<std::size_t>(structures), at::zeros_like(y.select(1, 0)));
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
        double change = 0, largest = 0;
        for (std::int64_t c = 0; c < structures; ++c) {
            at::Tensor left = seen.select(1, c);
            for (std::int64_t k = 0; k < structures; ++k) {
                if (k != c)
                    left = at::sub(left, x[static_cast<std::size_t>(k)], gram[c][k].item<double>());
            }
            auto& own = x[static_cast<std::size_t>(c)];
            const at::Tensor next = (left / gram[c][c].item<double>()).clamp_min(0);
            change = std::max(change, (next - own).abs().max().item<double>());
            largest = std::max(largest, next.max().item<double>());
            own = next;
        }
        if (change <= kSettled * largest) break;
    }
    return at::stack(x, 1);
}

}  // namespace posteria::sampling
