#include "core/engine/held_out_quality.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "core/analysis/evaluation.h"
#include "core/analysis/power_spectrum.h"
#include "core/engine/engine.h"
#include "core/sampling/sampler.h"
#include "core/tensor/convert.h"
#include "core/tensor/torch_compat.h"
#include "core/training/field_pool.h"

namespace posteria::engine {

namespace {

using Json = nlohmann::ordered_json;

class LastSnapshot : public RunObserver {
  public:
    void onProgress(const Progress&) override {}
    void onSnapshot(const posterior::SnapshotPtr& snapshot) override { m_snapshot = snapshot; }
    const posterior::Snapshot& get() const { return *m_snapshot; }

  private:
    posterior::SnapshotPtr m_snapshot;
};

// One channel over all fields, each divided by its degraded field's standard deviation: bright
// fields then count no more than dim ones.
struct Pool {
    analysis::Planes truth, mean, std;
    std::vector<analysis::Planes> samples;
    std::vector<analysis::Figures> meanFigures, sampleFigures;
};

image::Plane scaled(const image::Plane& plane, double factor) {
    return tensor::toPlane(tensor::fromPlane(plane) * factor);
}

Json figuresJson(const analysis::Figures& f) {
    return {{"psnr", f.psnr},
            {"ri_psnr", f.riPsnr},
            {"nrmse", f.nrmse},
            {"ssim", f.ssim},
            {"micro_ssim", f.microSsim}};
}

image::StackPtr asInput(const training::HeldOutField& field, double pixelUm) {
    image::StackInfo info;
    info.name = "held-out field";
    info.shape.y = field.degraded.size(0);
    info.shape.x = field.degraded.size(1);
    info.type = image::PixelType::Float32;
    info.voxelSize = image::VoxelSize{pixelUm, pixelUm, 1};
    return image::makeMemoryStack(info, {tensor::toPlane(field.degraded)});
}

void collect(Pool& pool, const posterior::Snapshot& result, const image::Plane& truth,
             std::int64_t channel, double factor) {
    const image::PlaneIndex index{0, channel, 0};
    const auto mean = result.mean->readPlane(index);
    pool.meanFigures.push_back(analysis::evaluateChannel({mean}, {truth}));
    pool.truth.push_back(scaled(truth, factor));
    pool.mean.push_back(scaled(mean, factor));
    if (!result.std) return;
    pool.sampleFigures.push_back(
        analysis::evaluateChannel({result.kept.front()->readPlane(index)}, {truth}));
    pool.std.push_back(scaled(result.std->readPlane(index), factor));
    pool.samples.resize(result.kept.size());
    for (std::size_t k = 0; k < result.kept.size(); ++k) {
        pool.samples[k].push_back(scaled(result.kept[k]->readPlane(index), factor));
    }
}

Json summary(const Pool& pool) {
    Json j;
    j["mean"] = figuresJson(analysis::meanFigures(pool.meanFigures));
    j["mean"]["psd_ratio"] = analysis::powerRatio(pool.mean, pool.truth);
    if (pool.samples.empty()) return j;
    j["single_sample"] = figuresJson(analysis::meanFigures(pool.sampleFigures));
    j["single_sample"]["psd_ratio"] = analysis::powerRatio(pool.samples.front(), pool.truth);
    const auto calibration = analysis::calibrate(pool.mean, pool.std, pool.truth, pool.samples);
    j["spread_skill"] = calibration.spreadSkill;
    j["slope"] = calibration.slope;
    j["offset"] = calibration.offset;
    j["coverage_68"] = calibration.coverage68;
    j["coverage_90"] = calibration.coverage90;
    j["psnr_vs_k"] = analysis::psnrVsCount(pool.samples, pool.truth);
    return j;
}

// The first of each network: others draw from the same network by another rule.
std::vector<package::SamplerSpec> samplersToMeasure(const package::ModelPackage& package) {
    std::vector<package::SamplerSpec> result;
    std::set<std::string> roles;
    for (const auto& sampler : package.samplers) {
        if (roles.insert(sampling::networkRole(sampler.name)).second) result.push_back(sampler);
    }
    return result;
}

}  // namespace

std::string heldOutQuality(const training::Recipe& recipe, const std::string& packageFolder,
                           const std::function<void(int, int)>& progress,
                           const CancelToken& token) {
    const auto package = package::readPackage(packageFolder);
    const auto samplers = samplersToMeasure(package);
    const int count = recipe.testFields;
    const std::unique_ptr<Engine> engine(posteria_create_engine(kEngineInterface));
    const auto channels = package.outputs.size();
    std::vector<std::vector<Pool>> pools(samplers.size(), std::vector<Pool>(channels));
    std::vector<std::vector<analysis::Figures>> trivial(channels);
    for (int i = 0; i < count; ++i) {
        const auto field = training::heldOutField(recipe, training::testSeed(recipe), i);
        const auto half = tensor::toPlane((field.degraded - recipe.camera.offset) / 2);
        const double factor = 1 / std::max(1e-6, field.degraded.std(false).item<double>());
        for (std::size_t s = 0; s < samplers.size(); ++s) {
            RestorationRequest request;
            request.input = asInput(field, package.voxelSizeUm);
            request.model = packageFolder;
            request.sampler = samplers[s].name;
            request.severity = field.severity;
            request.seed = static_cast<std::uint64_t>(i);
            LastSnapshot observer;
            engine->run(request, observer, token);
            for (std::size_t c = 0; c < channels; ++c) {
                const auto index = static_cast<std::int64_t>(c);
                const auto truth = tensor::toPlane(field.truth[index]);
                collect(pools[s][c], observer.get(), truth, index, factor);
                if (s == 0) trivial[c].push_back(analysis::evaluateChannel({half}, {truth}));
            }
        }
        progress(i + 1, count);
    }
    Json j;
    j["fields"] = count;
    j["severity"] = "known";
    for (std::size_t c = 0; c < channels; ++c) {
        j["trivial"][package.outputs[c]] = figuresJson(analysis::meanFigures(trivial[c]));
    }
    for (std::size_t s = 0; s < samplers.size(); ++s) {
        const auto& sampler = samplers[s];
        auto& entry = j["samplers"][sampler.name];
        entry["steps"] = sampler.steps;
        entry["samples"] = sampler.samples;
        for (std::size_t c = 0; c < channels; ++c)
            entry["channels"][package.outputs[c]] = summary(pools[s][c]);
    }
    return j.dump(2);
}

}  // namespace posteria::engine
