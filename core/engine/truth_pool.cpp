#include "core/engine/truth_pool.h"

#include <algorithm>

#include "core/tensor/convert.h"
#include "core/tensor/torch_compat.h"

namespace posteria::engine {

namespace {

class LastSnapshot : public RunObserver {
  public:
    explicit LastSnapshot(const std::function<void(double)>& progress) : m_progress(progress) {}
    void onProgress(const Progress& progress) override {
        if (m_progress) m_progress(progress.fraction);
    }
    void onSnapshot(const posterior::SnapshotPtr& snapshot) override { m_snapshot = snapshot; }
    posterior::SnapshotPtr get() const { return m_snapshot; }

  private:
    const std::function<void(double)>& m_progress;
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
                                    std::int64_t* networkCalls,
                                    const std::function<void(double)>& progress) {
    RestorationRequest request = settings;
    request.input = image.input;
    if (image.severity) request.severity = image.severity;
    request.calibrate = false;
    LastSnapshot observer(progress);
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

}  // namespace posteria::engine
