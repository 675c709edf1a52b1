#include "core/sampling/stepwise.h"

#include <cmath>
#include <map>

#include "core/tensor/torch_compat.h"

namespace posteria::sampling {

namespace {

enum class Update { Indi, IndiBrownian, Naive, Unconditional, Improved, Blend };

const std::map<std::string, Update> kUpdates{{"indi", Update::Indi},
                                             {"indi-brownian", Update::IndiBrownian},
                                             {"cold-naive", Update::Naive},
                                             {"cold-unconditional", Update::Unconditional},
                                             {"cold-improved", Update::Improved},
                                             {"blend", Update::Blend}};

class Stepwise : public Sampler {
  public:
    Stepwise(const SamplerOptions& options, Update update)
        : m_steps(options.steps),
          m_noise(isIndi(update) ? options.indiNoise : 0),
          m_blend(options.blend),
          m_traced(options.trace),
          m_update(update) {}

    int networkCalls(bool) const override {
        // One restoration a step; D(x0, 0) takes no call.
        switch (m_update) {
            case Update::Naive:
            case Update::Unconditional:
            case Update::Blend:
                return 2 * m_steps - 1;
            case Update::Improved:
                return 3 * m_steps - 1;
            default:
                return m_steps;
        }
    }

    int noiseFields() const override {
        return m_noise == 0 ? 0 : m_update == Update::IndiBrownian ? m_steps : 1;
    }

    at::Tensor draw(const at::Tensor& y, const NoiseSource& noise,
                    const Restorer& restorer) const override {
        at::Tensor x = y.size(1) == restorer.channels
                           ? y
                           : y.expand({y.size(0), restorer.channels, y.size(2), y.size(3)});
        if (m_noise > 0) x = at::add(x, noise(0), m_noise);
        const at::Tensor told = m_update == Update::Unconditional ? at::Tensor() : y;
        std::vector<at::Tensor> trace;
        for (int i = 0; i < m_steps; ++i) {
            const double t = 1.0 - static_cast<double>(i) / m_steps;
            const double next = 1.0 - static_cast<double>(i + 1) / m_steps;
            const at::Tensor x0 = restorer.restore(x, y, t);
            const auto degraded = [&](double severity) {
                return severity > 0 ? restorer.degrade(x0, told, severity) : x0;
            };
            if (m_traced) trace.insert(trace.end(), {x, x0});
            switch (m_update) {
                case Update::Indi:
                case Update::IndiBrownian:
                    x = at::lerp(x, x0, (t - next) / t);
                    break;
                case Update::Naive:
                case Update::Unconditional:
                    x = degraded(next);
                    break;
                case Update::Improved:
                    x = x - degraded(t) + degraded(next);
                    break;
                case Update::Blend:
                    x = next > 0 ? at::lerp(x, degraded(next), m_blend) : x0;
                    break;
            }
            if (m_update == Update::IndiBrownian && m_noise > 0 && next > 0)
                x = at::add(x, noise(i + 1), m_noise * std::sqrt(next * (t - next) / t));
        }
        if (!m_traced) return x;
        trace.insert(trace.begin(), x);
        return at::cat(trace, 1);
    }

  private:
    static bool isIndi(Update update) {
        return update == Update::Indi || update == Update::IndiBrownian;
    }

    int m_steps;
    double m_noise, m_blend;
    bool m_traced;
    Update m_update;
};

}  // namespace

std::unique_ptr<const Sampler> makeStepwise(const SamplerOptions& options) {
    const auto update = kUpdates.find(options.name);
    if (update == kUpdates.end()) return nullptr;
    return std::make_unique<Stepwise>(options, update->second);
}

}  // namespace posteria::sampling
