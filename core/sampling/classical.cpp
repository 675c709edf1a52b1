#include "core/sampling/classical.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/sampling/margin.h"
#include "core/sampling/richardson_lucy.h"
#include "core/sampling/unmixing.h"
#include "core/sampling/wiener.h"
#include "core/tensor/torch_compat.h"

namespace posteria::sampling {

namespace {

class Classical : public Sampler {
  public:
    int networkCalls(bool) const override { return 0; }
    int noiseFields() const override { return 0; }
};

const physics::Degradation& known(const physics::Degradation* degradation) {
    if (!degradation)
        throw Error(ErrorKind::Usage, "The sampler needs a known degradation.", {},
                    "Choose another sampler.");
    return *degradation;
}

// The restored image seen again, without its margin.
at::Tensor seen(const at::Tensor& x, const Restorer& restorer) {
    const at::Tensor result =
        restorer.view ? restorer.view->apply(x, at::ones({x.size(0)}, x.options())) : x;
    return withoutMargin(result, restorer.margin);
}

class RichardsonLucy : public Classical {
  public:
    explicit RichardsonLucy(const SamplerOptions& options) : m_iterations(options.steps) {}

    at::Tensor draw(const at::Tensor& y, const NoiseSource&,
                    const Restorer& restorer) const override {
        const auto& blur = known(restorer.degradation);
        RichardsonLucyOptions options;
        options.iterations = m_iterations;
        options.severity = restorer.severity;
        const auto tenth = std::max<std::int64_t>(1, y.numel() / 10);
        options.background = std::max(0.0, std::get<0>(y.flatten().kthvalue(tenth)).item<double>());
        return seen(richardsonLucy(mirrored(y, restorer.margin), blur, options,
                                   [&](int, const at::Tensor&) {
                                       if (restorer.poll) restorer.poll();
                                       return true;
                                   }),
                    restorer);
    }

  private:
    int m_iterations;
};

class Wiener : public Classical {
  public:
    at::Tensor draw(const at::Tensor& y, const NoiseSource&,
                    const Restorer& restorer) const override {
        const auto& blur = known(restorer.degradation);
        const at::Tensor image = mirrored(y, restorer.margin);
        // A filter knows one noise for all places: the mean variance.
        const double variance = restorer.noise(y).square().mean().item<double>();
        const at::Tensor power = estimatedPower(image, blur, restorer.severity, variance);
        return seen(wiener(image, blur, restorer.severity, variance, power), restorer);
    }
};

class NonNegative : public Classical {
  public:
    at::Tensor draw(const at::Tensor& y, const NoiseSource&,
                    const Restorer& restorer) const override {
        return nonNegativeLeastSquares(y, restorer.matrix);
    }
};

}  // namespace

bool isClassical(const std::string& name) {
    return name == "richardson-lucy" || name == "wiener" || name == "nnls";
}

std::unique_ptr<const Sampler> makeClassical(const SamplerOptions& options) {
    if (options.name == "richardson-lucy") return std::make_unique<RichardsonLucy>(options);
    if (options.name == "wiener") return std::make_unique<Wiener>();
    if (options.name == "nnls") return std::make_unique<NonNegative>();
    return nullptr;
}

}  // namespace posteria::sampling
