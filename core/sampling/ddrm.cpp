#include "core/sampling/ddrm.h"

#include <cmath>

#include "core/base/error.h"
#include "core/sampling/margin.h"
#include "core/tensor/torch_compat.h"

namespace posteria::sampling {

namespace {

constexpr double kEta = 0.85, kEtaB = 1, kLeastSingularValue = 0.03;
constexpr double kHighest = 20, kLowest = 0.01;

class Ddrm : public Sampler {
  public:
    explicit Ddrm(const SamplerOptions& options) : m_steps(options.steps) {}

    int networkCalls(bool) const override { return m_steps; }
    int noiseFields() const override { return m_steps; }

    at::Tensor draw(const at::Tensor& given, const NoiseSource& noise,
                    const Restorer& restorer) const override {
        if (!restorer.degradation)
            throw Error(ErrorKind::Usage, "The sampler ddrm needs a known degradation.", {},
                        "Choose another sampler.");
        const auto& operation = *restorer.degradation;
        const at::Tensor y = mirrored(given, restorer.margin);
        const double severity = restorer.severity;
        const at::Tensor values =
            operation.singularValues(y.size(2), y.size(3), severity).to(y.options());
        const at::Tensor seen = values >= kLeastSingularValue;
        const at::Tensor s = at::where(seen, values, at::ones_like(values));
        const at::Tensor error = restorer.noise(y) / s;  // of m
        const at::Tensor m = operation.project(y, severity) / s;
        const auto white = [&](int i) {
            return operation.analyse(mirrored(noise(i), restorer.margin), severity);
        };

        double sigma = ddrmNoiseLevel(0, m_steps);
        at::Tensor x = state(m, seen, error, sigma, white(0));
        for (int i = 0;; ++i) {
            const at::Tensor x0 = operation.analyse(
                restorer.denoise(operation.synthesise(x, severity), sigma), severity);
            if (i + 1 == m_steps)
                return withoutMargin(operation.synthesise(x0, severity), restorer.margin);
            const double next = ddrmNoiseLevel(i + 1, m_steps), kept = std::sqrt(1 - kEta * kEta);
            const at::Tensor n = white(i + 1);
            const at::Tensor free = x0 + (kept * next / sigma) * (x - x0) + (kEta * next) * n;
            const at::Tensor finer =
                x0 + (kept * next) * (m - x0) / error.clamp_min(1e-12) + (kEta * next) * n;
            const at::Tensor coarser =
                (1 - kEtaB) * x0 + kEtaB * m +
                (next * next - kEtaB * kEtaB * error.square()).clamp_min(0).sqrt() * n;
            x = at::where(seen, at::where(error > next, finer, coarser), free);
            sigma = next;
        }
    }

  private:
    static at::Tensor state(const at::Tensor& m, const at::Tensor& seen, const at::Tensor& error,
                            double sigma, const at::Tensor& n) {
        const at::Tensor known = m + (sigma * sigma - error.square()).clamp_min(0).sqrt() * n;
        return at::where(at::logical_and(seen, error < sigma), known, sigma * n);
    }

    int m_steps;
};

}  // namespace

std::unique_ptr<const Sampler> makeDdrm(const SamplerOptions& options) {
    return std::make_unique<Ddrm>(options);
}

double ddrmNoiseLevel(int i, int n) {
    return n > 1 ? kHighest * std::pow(kLowest / kHighest, static_cast<double>(i) / (n - 1))
                 : kHighest;
}

}  // namespace posteria::sampling
