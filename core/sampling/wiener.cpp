#include "core/sampling/wiener.h"

#include <algorithm>

#include "core/tensor/torch_compat.h"

namespace posteria::sampling {

namespace {

constexpr double kLeastSingularValue = 0.03;
constexpr double kSignificance = 2;  // standard errors

// Squares over all coefficients of nearly the same frequency, one pixel of the shorter side's
// transform apart: their mean, and how many it is of; both in the shape of an image.
struct Rings {
    at::Tensor mean, count;
};

Rings radialPower(const at::Tensor& coefficients) {
    const auto height = coefficients.size(2), width = coefficients.size(3);
    const auto frequencies = [](std::int64_t size) {
        return at::fft_fftfreq(size, 1.0, at::TensorOptions().dtype(at::kDouble)).square();
    };
    const at::Tensor f =
        (frequencies(height).unsqueeze(1) + frequencies(width).unsqueeze(0)).sqrt();
    const at::Tensor ring =
        (f * static_cast<double>(std::min(height, width))).round().to(at::kLong).flatten();
    const at::Tensor squares =
        coefficients.to(at::kCPU, at::kDouble).square().flatten(2).mean(at::IntArrayRef{0, 1});
    const at::Tensor none = at::zeros({ring.max().item<std::int64_t>() + 1}, at::kDouble);
    const at::Tensor count = none.index_add(0, ring, at::ones_like(squares)).clamp_min(1);
    const auto onGrid = [&](const at::Tensor& values) {
        return values.index_select(0, ring).view({1, 1, height, width}).to(coefficients.options());
    };
    return {onGrid(none.index_add(0, ring, squares) / count), onGrid(count)};
}

at::Tensor sizes(const at::Tensor& like, const physics::Degradation& blur, double severity) {
    return blur.singularValues(like.size(2), like.size(3), severity).to(like.options());
}

}  // namespace

at::Tensor wiener(const at::Tensor& y, const physics::Degradation& blur, double severity,
                  double noiseVariance, const at::Tensor& signalPower) {
    const at::Tensor s = sizes(y, blur, severity);
    const at::Tensor power = signalPower.to(y.options());
    const at::Tensor gain = s * power / (s.square() * power + std::max(noiseVariance, 1e-30));
    const at::Tensor kept = at::where(s >= kLeastSingularValue, gain, at::zeros_like(gain));
    return blur.synthesise(kept * blur.project(y, severity), severity);
}

at::Tensor powerOf(const at::Tensor& x, const physics::Degradation& blur, double severity) {
    return radialPower(blur.analyse(x, severity)).mean;
}

at::Tensor estimatedPower(const at::Tensor& y, const physics::Degradation& blur, double severity,
                          double noiseVariance) {
    const auto rings = radialPower(blur.project(y, severity));
    // A mean of n squares of noise errs by sqrt(2 / n) of its variance; a blur taken off would make
    // a signal of that.
    const at::Tensor noise = noiseVariance * (1 + kSignificance * (2 / rings.count).sqrt());
    const at::Tensor above =
        at::where(rings.mean > noise, rings.mean - noiseVariance, at::zeros_like(rings.mean));
    const at::Tensor s = sizes(y, blur, severity).clamp_min(kLeastSingularValue);
    return above / s.square();
}

}  // namespace posteria::sampling
