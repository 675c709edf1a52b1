#include "core/sampling/sampler.h"

#include <cmath>

#include "core/base/error.h"
#include "core/sampling/classical.h"
#include "core/sampling/ddrm.h"
#include "core/sampling/stepwise.h"
#include "core/tensor/torch_compat.h"

namespace posteria::sampling {

namespace {

class OneShot : public Sampler {
  public:
    int networkCalls(bool) const override { return 1; }
    int noiseFields() const override { return 0; }
    at::Tensor draw(const at::Tensor& y, const NoiseSource&,
                    const Restorer& restorer) const override {
        return restorer.mean(y);
    }
};

class FlowMatching : public Sampler {
  public:
    FlowMatching(const SamplerOptions& options, bool heun) : m_steps(options.steps), m_heun(heun) {}

    int networkCalls(bool centred) const override {
        // The last step of Heun is Euler's: see draw().
        return (m_heun ? 2 * m_steps - 1 : m_steps) - (centred ? 1 : 0);
    }
    int noiseFields() const override { return 1; }

    at::Tensor draw(const at::Tensor& y, const NoiseSource& noise,
                    const Restorer& restorer) const override {
        at::Tensor x = noise(0);
        for (int i = 0; i < m_steps; ++i) {
            const double now = static_cast<double>(i) / m_steps,
                         next = static_cast<double>(i + 1) / m_steps;
            const at::Tensor velocity =
                i == 0 && restorer.centred ? -x : restorer.velocity(x, y, now);
            const at::Tensor euler = at::add(x, velocity, next - now);
            // At tau = 1 the velocity is not learnable (the state no longer tells the noise), so
            // the corrector is left out there.
            if (!m_heun || i + 1 == m_steps) {
                x = euler;
            } else {
                x = at::add(x, velocity + restorer.velocity(euler, y, next), (next - now) / 2);
            }
        }
        return x;
    }

  private:
    int m_steps;
    bool m_heun;
};

class Hdn : public Sampler {
  public:
    explicit Hdn(const SamplerOptions& options) : m_levels(options.latentLevels) {}

    int networkCalls(bool) const override { return 1; }
    int noiseFields() const override { return m_levels; }
    at::Tensor draw(const at::Tensor& y, const NoiseSource& noise,
                    const Restorer& restorer) const override {
        std::vector<at::Tensor> latents;
        for (int level = 0; level < m_levels; ++level)
            latents.push_back(noise(level));
        return restorer.decode(y, latents);
    }

  private:
    int m_levels;
};

}  // namespace

std::unique_ptr<const Sampler> makeSampler(const SamplerOptions& options) {
    if (options.steps < 1) {
        throw Error(ErrorKind::Usage, "A sampler needs at least one step.", {},
                    "Set steps to 1 or more.");
    }
    if (options.name == "oneshot") return std::make_unique<OneShot>();
    if (options.name == "cfm-euler") return std::make_unique<FlowMatching>(options, false);
    if (options.name == "cfm-heun") return std::make_unique<FlowMatching>(options, true);
    if (auto stepwise = makeStepwise(options)) return stepwise;
    if (auto classical = makeClassical(options)) return classical;
    if (options.name == "ddrm") return makeDdrm(options);
    if (options.name == "hdn") return std::make_unique<Hdn>(options);
    throw Error(ErrorKind::Usage, "The sampler '" + options.name + "' is not known.", {},
                "Use one that the model lists.");
}

std::vector<std::string> networkRoles(const std::string& samplerName) {
    if (samplerName.rfind("cfm", 0) == 0) return {"velocity"};
    if (samplerName.rfind("indi", 0) == 0) return {"indi"};
    if (samplerName == "cold-unconditional") return {"restore", "degrade-alone"};
    if (samplerName.rfind("cold", 0) == 0 || samplerName == "blend") return {"restore", "degrade"};
    if (samplerName == "ddrm") return {"prior"};
    if (samplerName == "hdn") return {"hdn"};
    if (isClassical(samplerName)) return {};
    return {"oneshot"};
}

std::string networkRole(const std::string& samplerName) {
    const auto roles = networkRoles(samplerName);
    return roles.empty() ? std::string() : roles.front();
}

bool canTrace(const std::string& samplerName) {
    const auto role = networkRole(samplerName);
    return role == "indi" || role == "restore";
}

}  // namespace posteria::sampling
