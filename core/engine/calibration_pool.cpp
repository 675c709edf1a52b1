#include "core/engine/calibration_pool.h"

#include <cmath>

#include "core/analysis/interval.h"
#include "core/base/error.h"

namespace posteria::engine {

namespace {

constexpr double kOneStandardDeviation = 0.6826894921370859;  // share of a normal distribution

using Channel = package::Calibration::Channel;

// The line and the counted intervals.
Channel fit(const analysis::Planes& mean, const analysis::Planes& std,
            const analysis::Planes& truth, const analysis::Calibration& line) {
    // The line is for the error of a mean of k, sqrt(1 + 1/k) times the deviation.
    Channel channel{line.slope, line.offset / std::sqrt(1 + 1.0 / line.samples)};
    // A line that falls says only how large the spread is on the whole.
    if (!(channel.scale > 0)) channel = {1 / line.spreadSkill, 0};
    const auto stretched = calibrated(std, channel);
    const auto known = [](double factor) { return std::isfinite(factor) ? factor : 0; };
    channel.interval68 =
        known(analysis::intervalFactor(mean, stretched, truth, kOneStandardDeviation));
    channel.interval90 = known(analysis::intervalFactor(mean, stretched, truth, 0.9));
    channel.conformal90 = known(analysis::conformalFactor(mean, stretched, truth, 0.9));
    return channel;
}

// The planes of every other image, from the first or from the second.
analysis::Planes half(const analysis::Planes& planes, const std::vector<std::size_t>& ends,
                      std::size_t first) {
    analysis::Planes result;
    for (std::size_t i = first; i < ends.size(); i += 2) {
        const auto from = planes.begin() + static_cast<std::ptrdiff_t>(i > 0 ? ends[i - 1] : 0);
        result.insert(result.end(), from, planes.begin() + static_cast<std::ptrdiff_t>(ends[i]));
    }
    return result;
}

}  // namespace

CalibrationPool::CalibrationPool(std::size_t channels, package::SamplerSpec sampler)
    : m_pools(channels), m_sampler(std::move(sampler)) {}

void CalibrationPool::add(const posterior::Snapshot& result, const KnownImage& image) {
    if (!result.std) {
        throw Error(ErrorKind::Usage,
                    "The sampler " + m_sampler.name +
                        " gives one answer, which has no spread to calibrate.",
                    {}, "Draw two samples or more.");
    }
    posterior::Snapshot bare = result;
    bare.kept.clear();
    for (std::size_t c = 0; c < m_pools.size(); ++c)
        m_pools[c].add(bare, image, c);
    m_ends.push_back(m_pools.front().truth.size());
    m_sampler.samples = result.samples;
}

package::Calibration CalibrationPool::fitted() const {
    package::Calibration result;
    result.sampler = m_sampler;
    result.pairs = static_cast<int>(m_ends.size());
    for (const auto& pool : m_pools) {
        const auto line = analysis::calibrate(pool.mean, pool.std, pool.truth, m_sampler.samples);
        auto channel = fit(pool.mean, pool.std, pool.truth, line);
        auto& reliability = channel.reliability;
        for (const auto& bin : line.bins)
            reliability.bins.push_back({bin.rmv, bin.rmse, bin.count});
        reliability.drawn68 = line.coverage68;
        reliability.drawn90 = line.coverage90;
        // Counted on the images it was fitted on, an interval holds what it was made to hold: so
        // each half is judged by what the other half was fitted to.
        for (std::size_t part = 0; part < 2 && m_ends.size() > 1; ++part) {
            const auto of = [&](const analysis::Planes& planes, std::size_t first) {
                return half(planes, m_ends, first);
            };
            const auto mean = of(pool.mean, part), std = of(pool.std, part),
                       truth = of(pool.truth, part);
            const auto other =
                fit(mean, std, truth, analysis::calibrate(mean, std, truth, m_sampler.samples));
            const auto heldMean = of(pool.mean, 1 - part), heldTruth = of(pool.truth, 1 - part),
                       held = calibrated(of(pool.std, 1 - part), other);
            const double share =
                static_cast<double>(heldTruth.size()) / static_cast<double>(pool.truth.size());
            reliability.held68 +=
                share * analysis::coverage(heldMean, held, heldTruth, other.interval68);
            reliability.held90 +=
                share * analysis::coverage(heldMean, held, heldTruth, other.interval90);
        }
        result.channels.push_back(channel);
    }
    return result;
}

package::Calibration fitCalibration(Engine& engine, const package::ModelPackage& package,
                                    const RestorationRequest& settings, int count,
                                    const std::function<KnownImage(int)>& image,
                                    const std::function<void(int done, int total)>& progress,
                                    const CancelToken& token) {
    CalibrationPool pool(package.outputs.size(), package.samplers.front());
    for (int i = 0; i < count; ++i) {
        const KnownImage known = image(i);
        pool.add(*restoreKnown(engine, settings, known, token), known);
        progress(i + 1, count);
    }
    return pool.fitted();
}

}  // namespace posteria::engine
