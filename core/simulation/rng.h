// Random numbers for drawing scenes: one explicit stream, a function of (seed, stream) alone. The
// distributions are written out because the standard library's differ from one library to the next,
// and the same seed must give the same bytes.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

namespace posteria::simulation {

class Rng {
  public:
    Rng(std::uint64_t seed, std::uint64_t stream) {
        std::seed_seq words{
            static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
            static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)};
        m_engine.seed(words);
    }

    double uniform() { return static_cast<double>(m_engine() >> 11) * 0x1.0p-53; }  // [0, 1)
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    double logUniform(double low, double high) {
        return std::exp(uniform(std::log(low), std::log(high)));
    }
    bool chance(double probability) { return uniform() < probability; }
    int integer(int low, int high) {  // both included
        return low + static_cast<int>(uniform() * (high - low + 1));
    }
    double normal() {  // Box-Muller
        if (m_hasSpare) {
            m_hasSpare = false;
            return m_spare;
        }
        const double radius = std::sqrt(-2 * std::log(1 - uniform()));
        const double angle = 6.283185307179586 * uniform();
        m_spare = radius * std::sin(angle);
        m_hasSpare = true;
        return radius * std::cos(angle);
    }
    double logNormal(double sigma) { return std::exp(sigma * normal()); }  // median 1
    double exponential() { return -std::log(1 - uniform()); }              // mean 1

  private:
    std::mt19937_64 m_engine;
    double m_spare = 0;
    bool m_hasSpare = false;
};

}  // namespace posteria::simulation
