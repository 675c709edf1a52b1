#include "core/analysis/power_spectrum.h"

#include <algorithm>
#include <cmath>
#include <complex>

namespace posteria::analysis {

namespace {

using Complex = std::complex<double>;
constexpr double kPi = 3.14159265358979323846;

std::size_t nextPowerOfTwo(std::int64_t n) {
    std::size_t result = 1;
    while (result < static_cast<std::size_t>(n))
        result *= 2;
    return result;
}

// Iterative radix-2 FFT (Cooley & Tukey) of one length, in place.
class Fft {
  public:
    explicit Fft(std::size_t n) : m_reversed(n), m_roots(n / 2) {
        for (std::size_t i = 1; i < n; ++i)
            m_reversed[i] = incremented(m_reversed[i - 1], n);
        for (std::size_t i = 0; i < n / 2; ++i) {
            m_roots[i] =
                std::polar(1.0, -2 * kPi * static_cast<double>(i) / static_cast<double>(n));
        }
    }

    void transform(Complex* data) const {
        const std::size_t n = m_reversed.size();
        for (std::size_t i = 0; i < n; ++i) {
            if (i < m_reversed[i]) std::swap(data[i], data[m_reversed[i]]);
        }
        for (std::size_t half = 1; half < n; half *= 2) {
            const std::size_t stride = n / (2 * half);
            for (std::size_t block = 0; block < n; block += 2 * half) {
                for (std::size_t k = 0; k < half; ++k) {
                    const Complex odd = data[block + half + k] * m_roots[k * stride];
                    data[block + half + k] = data[block + k] - odd;
                    data[block + k] += odd;
                }
            }
        }
    }

  private:
    // The next number when bits are read from the highest down.
    static std::size_t incremented(std::size_t value, std::size_t n) {
        std::size_t bit = n >> 1;
        while (value & bit)
            value ^= bit, bit >>= 1;
        return value | bit;
    }

    std::vector<std::size_t> m_reversed;
    std::vector<Complex> m_roots;
};

std::vector<double> hann(std::int64_t n) {
    std::vector<double> window(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n; ++i) {
        window[i] =
            0.5 - 0.5 * std::cos(2 * kPi * (static_cast<double>(i) + 0.5) / static_cast<double>(n));
    }
    return window;
}

}  // namespace

RadialSpectrum radialPowerSpectrum(const Planes& planes) {
    requireMatching(planes, planes);
    const auto height = planes[0].height(), width = planes[0].width();
    const std::size_t rows = nextPowerOfTwo(height), columns = nextPowerOfTwo(width);
    const Fft rowFft(columns), columnFft(rows);
    const auto windowY = hann(height), windowX = hann(width);
    // No more bands than the plane has frequencies of its own.
    const auto bands = std::clamp<std::int64_t>(std::min(height, width) / 2, 1, kSpectrumBands);

    RadialSpectrum result;
    result.power.assign(static_cast<std::size_t>(bands), 0.0);
    for (std::int64_t b = 0; b < bands; ++b) {
        result.frequency.push_back(0.5 * (static_cast<double>(b) + 0.5) /
                                   static_cast<double>(bands));
    }
    std::vector<double> counts(result.power.size(), 0.0);
    std::vector<Complex> field(rows * columns), column(rows);
    for (const auto& plane : planes) {
        const float* p = plane.as<float>();
        double mean = 0;
        for (std::int64_t i = 0; i < plane.size(); ++i)
            mean += p[i];
        mean /= static_cast<double>(plane.size());
        std::fill(field.begin(), field.end(), Complex());
        for (std::int64_t y = 0; y < height; ++y) {
            Complex* row = field.data() + static_cast<std::size_t>(y) * columns;
            for (std::int64_t x = 0; x < width; ++x) {
                row[x] = (p[y * width + x] - mean) * windowY[y] * windowX[x];
            }
            rowFft.transform(row);
        }
        // The input is real: the left half of the columns tells all.
        for (std::size_t x = 0; x <= columns / 2; ++x) {
            for (std::size_t y = 0; y < rows; ++y)
                column[y] = field[y * columns + x];
            columnFft.transform(column.data());
            const double fx = static_cast<double>(x) / static_cast<double>(columns);
            const double weight = x == 0 || 2 * x == columns ? 1 : 2;
            for (std::size_t y = 0; y < rows; ++y) {
                const double fy =
                    static_cast<double>(std::min(y, rows - y)) / static_cast<double>(rows);
                const auto band =
                    static_cast<std::size_t>(std::hypot(fx, fy) * 2 * static_cast<double>(bands));
                if (band >= result.power.size()) continue;  // the corners beyond Nyquist
                result.power[band] += weight * std::norm(column[y]);
                counts[band] += weight;
            }
        }
    }
    double energy = 0;  // of the window, so that white noise has its variance as power
    for (const double a : windowY) {
        for (const double b : windowX)
            energy += a * a * b * b;
    }
    for (std::size_t b = 0; b < counts.size(); ++b) {
        if (counts[b] > 0) result.power[b] /= counts[b] * energy;
    }
    return result;
}

std::vector<double> powerRatio(const Planes& estimate, const Planes& truth) {
    requireMatching(estimate, truth);
    auto ratio = radialPowerSpectrum(estimate).power;
    const auto reference = radialPowerSpectrum(truth).power;
    for (std::size_t i = 0; i < ratio.size(); ++i)
        ratio[i] = reference[i] > 0 ? ratio[i] / reference[i] : 0;
    return ratio;
}

PowerRatio pooledPowerRatio(const std::vector<Planes>& estimates, const Planes& truth) {
    const auto share = 1 / static_cast<double>(estimates.size());
    std::vector<std::vector<double>> made, wanted;  // [planes][bands]
    for (std::size_t i = 0; i < truth.size(); ++i) {
        wanted.push_back(radialPowerSpectrum({truth[i]}).power);
        made.emplace_back(wanted.back().size(), 0.0);
        for (const auto& estimate : estimates) {
            requireMatching(estimate, truth);
            const auto power = radialPowerSpectrum({estimate[i]}).power;
            for (std::size_t b = 0; b < power.size(); ++b)
                made[i][b] += share * power[b];
        }
    }
    PowerRatio result;
    const auto n = static_cast<double>(truth.size());
    for (std::size_t b = 0; b < wanted.at(0).size(); ++b) {
        double above = 0, below = 0, scatter = 0;
        for (std::size_t i = 0; i < truth.size(); ++i)
            above += made[i][b], below += wanted[i][b];
        const double ratio = below > 0 ? above / below : 0;
        for (std::size_t i = 0; i < truth.size(); ++i)
            scatter += std::pow(made[i][b] - ratio * wanted[i][b], 2);
        result.ratio.push_back(ratio);
        result.error.push_back(below > 0 ? std::sqrt(scatter * n / (n - 1)) / below : 0);
    }
    return result;
}

}  // namespace posteria::analysis
