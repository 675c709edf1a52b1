#include "core/sampling/sampler.h"

#include <cmath>

#include "core/base/error.h"
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

class InDI : public Sampler {
  public:
    InDI(const SamplerOptions& options, bool brownian)
        : m_steps(options.steps), m_noise(options.indiNoise), m_brownian(brownian) {}

    int networkCalls(bool) const override { return m_steps; }
    int noiseFields() const override { return m_noise == 0 ? 0 : m_brownian ? m_steps : 1; }

    at::Tensor draw(const at::Tensor& y, const NoiseSource& noise,
                    const Restorer& restorer) const override {
        at::Tensor x = y.size(1) == restorer.channels
                           ? y
                           : y.expand({y.size(0), restorer.channels, y.size(2), y.size(3)});
        if (m_noise > 0) x = at::add(x, noise(0), m_noise);
        const double d = 1.0 / m_steps;
        for (int i = 0; i < m_steps; ++i) {
            const double t = 1.0 - i * d;
            x = at::lerp(x, restorer.restore(x, t), d / t);
            if (m_brownian && m_noise > 0 && i + 1 < m_steps) {
                x = at::add(x, noise(i + 1), m_noise * std::sqrt((t - d) * d / t));
            }
        }
        return x;
    }

  private:
    int m_steps;
    double m_noise;
    bool m_brownian;
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
    if (options.name == "indi") return std::make_unique<InDI>(options, false);
    if (options.name == "indi-brownian") return std::make_unique<InDI>(options, true);
    throw Error(ErrorKind::Usage, "The sampler '" + options.name + "' is not known.", {},
                "Use one that the model lists.");
}

std::string networkRole(const std::string& samplerName) {
    if (samplerName.rfind("cfm", 0) == 0) return "velocity";
    if (samplerName.rfind("indi", 0) == 0) return "indi";
    return "oneshot";
}

}  // namespace posteria::sampling
