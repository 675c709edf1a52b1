#include "core/engine/held_out_quality.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "core/analysis/interval.h"
#include "core/analysis/power_spectrum.h"
#include "core/engine/baselines.h"
#include "core/engine/calibration_pool.h"
#include "core/sampling/sampler.h"
#include "core/tensor/convert.h"
#include "core/tensor/torch_compat.h"
#include "core/training/field_pool.h"

namespace posteria::engine {

namespace {

using Json = nlohmann::ordered_json;

void writePowerRatio(Json& json, const std::vector<analysis::Planes>& estimates,
                     const analysis::Planes& truth) {
    const auto power = analysis::pooledPowerRatio(estimates, truth);
    json["psd_ratio"] = power.ratio;
    json["psd_ratio_error"] = power.error;
}

Json summary(const TruthPool& pool, const package::Calibration::Channel* channel) {
    Json j;
    j["mean"] = figuresJson(analysis::meanFigures(pool.meanFigures));
    writePowerRatio(j["mean"], {pool.mean}, pool.truth);
    if (pool.samples.empty()) return j;
    j["single_sample"] = figuresJson(analysis::meanFigures(pool.sampleFigures));
    writePowerRatio(j["single_sample"], pool.samples, pool.truth);
    const auto calibration = analysis::calibrate(pool.mean, pool.std, pool.truth, pool.samples);
    j["spread_skill"] = calibration.spreadSkill;
    j["slope"] = calibration.slope;
    j["offset"] = calibration.offset;
    j["coverage_68"] = calibration.coverage68;
    j["coverage_90"] = calibration.coverage90;
    if (channel) {
        const auto std = calibrated(pool.std, *channel);
        const auto after =
            analysis::calibrate(pool.mean, std, pool.truth, static_cast<int>(pool.samples.size()));
        const auto held = [&](double factor) {
            return factor > 0 ? Json(analysis::coverage(pool.mean, std, pool.truth, factor))
                              : Json();
        };
        j["calibrated"] = {{"spread_skill", after.spreadSkill},
                           {"slope", after.slope},
                           {"offset", after.offset},
                           {"coverage_68", after.coverage68},
                           {"coverage_90", after.coverage90},
                           {"interval_68_holds", held(channel->interval68)},
                           {"interval_90_holds", held(channel->interval90)},
                           {"conformal_90_holds", held(channel->conformal90)}};
    }
    j["rank_histogram"] = analysis::rankHistogram(pool.samples, pool.truth);
    j["psnr_vs_k"] = analysis::psnrVsCount(pool.samples, pool.truth);
    return j;
}

// Of those that draw many samples from one network the first: others draw them by another rule.
std::vector<package::SamplerSpec> samplersToMeasure(const package::ModelPackage& package) {
    std::vector<package::SamplerSpec> result;
    std::set<std::string> roles;
    for (const auto& sampler : package.samplers) {
        if (sampler.samples == 1 || roles.insert(sampling::networkRole(sampler.name)).second)
            result.push_back(sampler);
    }
    return result;
}

// PSNR of the estimate x0 of each step, averaged over images.
class StepFigures {
  public:
    void add(const posterior::Snapshot& result, const KnownImage& known, std::size_t channel) {
        m_psnr.resize(result.trace.size());
        for (std::size_t step = 0; step < result.trace.size(); ++step) {
            const auto x0 = analysis::readChannel(*result.trace[step],
                                                  static_cast<std::int64_t>(2 * channel + 1));
            m_psnr[step] += analysis::evaluateChannel(x0, known.truth[channel]).psnr;
        }
        ++m_images;
    }
    void write(Json& json) const {
        for (const double sum : m_psnr)
            json["psnr_by_step"].push_back(sum / m_images);
    }

  private:
    std::vector<double> m_psnr;
    int m_images = 0;
};

}  // namespace

std::string validationCalibration(const training::Recipe& recipe, const std::string& packageFolder,
                                  const std::function<void(int, int)>& progress,
                                  const CancelToken& token) {
    const auto package = package::readPackage(packageFolder);
    const std::unique_ptr<Engine> engine(posteria_create_engine(kEngineInterface));
    RestorationRequest settings;
    settings.model = packageFolder;
    const auto field = [&](int i) {
        return knownImage(training::heldOutField(recipe, training::validationSeed(recipe), i),
                          package.voxelSizeUm);
    };
    return package::formatCalibration(fitCalibration(
        *engine, package, settings, recipe.validationFields, field, progress, token));
}

std::string heldOutQuality(const training::Recipe& recipe, const std::string& packageFolder,
                           const std::function<void(int, int)>& progress,
                           const CancelToken& token) {
    const auto package = package::readPackage(packageFolder);
    const auto calibration = package::readCalibration(package);
    const auto samplers = samplersToMeasure(package);
    const int count = recipe.testFields;
    const std::unique_ptr<Engine> engine(posteria_create_engine(kEngineInterface));
    const auto channels = package.outputs.size();
    std::vector<std::vector<TruthPool>> pools(samplers.size(), std::vector<TruthPool>(channels));
    std::vector<std::vector<StepFigures>> steps(samplers.size(),
                                                std::vector<StepFigures>(channels));
    std::vector<std::vector<analysis::Figures>> trivial(channels);
    RichardsonLucyBaseline richardsonLucy;
    WienerBaseline wiener;
    for (int i = 0; i < count; ++i) {
        const auto field = training::heldOutField(recipe, training::testSeed(recipe), i);
        const auto known = knownImage(field, package.voxelSizeUm);
        const auto share = tensor::toPlane((field.degraded - recipe.camera.offset) /
                                           static_cast<double>(channels));
        richardsonLucy.add(recipe, field);
        wiener.add(recipe, field);
        for (std::size_t c = 0; c < channels; ++c)
            trivial[c].push_back(analysis::evaluateChannel({share}, known.truth[c]));
        for (std::size_t s = 0; s < samplers.size(); ++s) {
            RestorationRequest settings;
            settings.model = packageFolder;
            settings.sampler = samplers[s].name;
            settings.seed = static_cast<std::uint64_t>(i);
            settings.trace = sampling::canTrace(samplers[s].name);
            const auto result = restoreKnown(*engine, settings, known, token);
            for (std::size_t c = 0; c < channels; ++c) {
                pools[s][c].add(*result, known, c);
                steps[s][c].add(*result, known, c);
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
    Json baselines;
    richardsonLucy.write(baselines, package.outputs.front());
    wiener.write(baselines, package.outputs.front());
    if (!baselines.is_null()) j["baselines"] = baselines;
    for (std::size_t s = 0; s < samplers.size(); ++s) {
        const auto& sampler = samplers[s];
        auto& entry = j["samplers"][sampler.name];
        entry["steps"] = sampler.steps;
        entry["samples"] = sampler.samples;
        for (std::size_t c = 0; c < channels; ++c) {
            auto& channel = entry["channels"][package.outputs[c]];
            channel = summary(pools[s][c], calibration && calibration->holdsFor(sampler)
                                               ? &calibration->channels[c]
                                               : nullptr);
            steps[s][c].write(channel);
        }
    }
    writeComparisons(j);
    return j.dump(2);
}

}  // namespace posteria::engine
