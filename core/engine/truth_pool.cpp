#include "core/engine/truth_pool.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/interval.h"
#include "core/base/error.h"
#include "core/tensor/convert.h"
#include "core/tensor/torch_compat.h"

namespace posteria::engine {

namespace {

constexpr double kOneStandardDeviation = 0.6826894921370859;  // share of a normal distribution

class LastSnapshot : public RunObserver {
  public:
    void onProgress(const Progress&) override {}
    void onSnapshot(const posterior::SnapshotPtr& snapshot) override { m_snapshot = snapshot; }
    posterior::SnapshotPtr get() const { return m_snapshot; }

  private:
    posterior::SnapshotPtr m_snapshot;
};

void addScaled(analysis::Planes& pool, const analysis::Planes& planes, double factor) {
    for (const auto& plane : planes)
        pool.push_back(tensor::toPlane(tensor::fromPlane(plane) * factor));
}

}  // namespace

KnownImage knownImage(const training::HeldOutField& field, double pixelUm) {
    image::StackInfo info;
    info.name = "held-out field";
    info.shape.y = field.degraded.size(0);
    info.shape.x = field.degraded.size(1);
    info.type = image::PixelType::Float32;
    info.voxelSize = image::VoxelSize{pixelUm, pixelUm, 1};
    KnownImage known;
    known.input = image::makeMemoryStack(info, {tensor::toPlane(field.degraded)});
    for (std::int64_t c = 0; c < field.truth.size(0); ++c)
        known.truth.push_back({tensor::toPlane(field.truth[c])});
    known.inputStd = field.degraded.std(false).item<double>();
    known.severity = field.severity;
    return known;
}

void TruthPool::add(const posterior::Snapshot& result, const KnownImage& image,
                    std::size_t channel) {
    const auto c = static_cast<std::int64_t>(channel);
    const double factor = 1 / std::max(1e-6, image.inputStd);
    const auto own = analysis::readChannel(*result.mean, c);
    meanFigures.push_back(analysis::evaluateChannel(own, image.truth[channel]));
    addScaled(truth, image.truth[channel], factor);
    addScaled(mean, own, factor);
    if (!result.std) return;
    addScaled(std, analysis::readChannel(*result.std, c), factor);
    samples.resize(result.kept.size());
    for (std::size_t k = 0; k < result.kept.size(); ++k) {
        const auto drawn = analysis::readChannel(*result.kept[k], c);
        if (k == 0) sampleFigures.push_back(analysis::evaluateChannel(drawn, image.truth[channel]));
        addScaled(samples[k], drawn, factor);
    }
}

posterior::SnapshotPtr restoreKnown(Engine& engine, const RestorationRequest& settings,
                                    const KnownImage& image, const CancelToken& token,
                                    std::int64_t* networkCalls) {
    RestorationRequest request = settings;
    request.input = image.input;
    request.severity = image.severity;
    request.calibrate = false;
    LastSnapshot observer;
    const auto report = engine.run(request, observer, token);
    if (networkCalls) *networkCalls = report.networkCalls;
    return observer.get();
}

analysis::Planes calibrated(const analysis::Planes& std,
                            const package::Calibration::Channel& channel) {
    analysis::Planes result;
    for (const auto& plane : std) {
        result.push_back(tensor::toPlane(
            (tensor::fromPlane(plane) * channel.scale + channel.offset).clamp_min(0)));
    }
    return result;
}

package::Calibration fitCalibration(Engine& engine, const package::ModelPackage& package,
                                    const RestorationRequest& settings, int count,
                                    const std::function<KnownImage(int)>& image,
                                    const std::function<void(int done, int total)>& progress,
                                    const CancelToken& token) {
    std::vector<TruthPool> pools(package.outputs.size());
    for (int i = 0; i < count; ++i) {
        const KnownImage known = image(i);
        const auto result = restoreKnown(engine, settings, known, token);
        if (!result->std) {
            throw Error(ErrorKind::Usage,
                        "The model's first sampler gives one answer, which has "
                        "no spread to calibrate.",
                        package.name);
        }
        for (std::size_t c = 0; c < pools.size(); ++c)
            pools[c].add(*result, known, c);
        progress(i + 1, count);
    }
    package::Calibration fitted;
    fitted.sampler = package.samplers.front();
    fitted.pairs = count;
    for (const auto& pool : pools) {
        const auto k = static_cast<int>(pool.samples.size());
        const auto line = analysis::calibrate(pool.mean, pool.std, pool.truth, k);
        // The line is for the error of a mean of k, sqrt(1 + 1/k) times the deviation.
        package::Calibration::Channel channel{line.slope, line.offset / std::sqrt(1 + 1.0 / k)};
        // A line that falls says only how large the spread is on the whole.
        if (!(channel.scale > 0)) channel = {1 / line.spreadSkill, 0};
        const auto std = calibrated(pool.std, channel);
        const auto known = [](double factor) { return std::isfinite(factor) ? factor : 0; };
        channel.interval68 =
            known(analysis::intervalFactor(pool.mean, std, pool.truth, kOneStandardDeviation));
        channel.interval90 = known(analysis::intervalFactor(pool.mean, std, pool.truth, 0.9));
        channel.conformal90 = known(analysis::conformalFactor(pool.mean, std, pool.truth, 0.9));
        fitted.channels.push_back(channel);
        fitted.sampler.samples = k;
    }
    return fitted;
}

}  // namespace posteria::engine
