#include "core/physics/bleedthrough.h"

#include <torch/torch.h>

#include <cmath>
#include <tuple>

#include "core/base/error.h"

namespace posteria::physics {

namespace {

// A [C, C] matrix times the channels of every pixel.
at::Tensor times(const at::Tensor& matrix, const at::Tensor& batch) {
    return torch::einsum("ij,njhw->nihw", {matrix.to(batch.options()), batch});
}

}  // namespace

Bleedthrough::Bleedthrough(const std::vector<std::vector<double>>& matrix) {
    const auto channels = static_cast<std::int64_t>(matrix.size());
    m_matrix = torch::empty({channels, channels}, torch::kDouble);
    for (std::int64_t i = 0; i < channels; ++i) {
        const auto& row = matrix[static_cast<std::size_t>(i)];
        for (std::size_t j = 0; j < row.size() && row.size() == matrix.size(); ++j)
            m_matrix[i][static_cast<std::int64_t>(j)] = row[j];
        if (row.size() != matrix.size() || !torch::isfinite(m_matrix[i]).all().item<bool>())
            throw Error(ErrorKind::Usage, "A bleedthrough matrix is square and of finite numbers.");
    }
    if (channels == 0)
        throw Error(ErrorKind::Usage, "A bleedthrough matrix is square and of finite numbers.");
}

at::Tensor Bleedthrough::atSeverity(double severity) const {
    return torch::lerp(torch::eye(m_matrix.size(0), torch::kDouble), m_matrix, severity);
}

at::Tensor Bleedthrough::apply(const at::Tensor& clean, const at::Tensor& severity) const {
    check(clean, cleanChannels(), severity);
    return torch::lerp(clean, times(m_matrix, clean), perImage(severity, clean));
}

at::Tensor Bleedthrough::adjoint(const at::Tensor& degraded, const at::Tensor& severity) const {
    check(degraded, degradedChannels(), severity);
    return torch::lerp(degraded, times(m_matrix.t(), degraded), perImage(severity, degraded));
}

at::Tensor Bleedthrough::analyse(const at::Tensor& clean, double severity) const {
    return times(std::get<2>(torch::linalg_svd(atSeverity(severity))), clean);
}

at::Tensor Bleedthrough::synthesise(const at::Tensor& coefficients, double severity) const {
    return times(std::get<2>(torch::linalg_svd(atSeverity(severity))).t(), coefficients);
}

at::Tensor Bleedthrough::project(const at::Tensor& degraded, double severity) const {
    return times(std::get<0>(torch::linalg_svd(atSeverity(severity))).t(), degraded);
}

at::Tensor Bleedthrough::singularValues(std::int64_t, std::int64_t, double severity) const {
    return std::get<1>(torch::linalg_svd(atSeverity(severity))).view({-1, 1, 1});
}

}  // namespace posteria::physics
