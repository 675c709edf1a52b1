#include "core/engine/trust_facts.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/analysis/input_facts.h"
#include "core/package/calibration.h"

namespace posteria::engine {

namespace {

// The recipe's photons at the 99.9th percentile, as grey values.
void tellTraining(posterior::TrustFacts& facts, const package::ModelPackage& package) {
    const auto training = nlohmann::json::parse(package.trainingJson, nullptr, false);
    if (!training.is_object() || !training.contains("recipe")) return;
    const auto& recipe = training["recipe"];
    const auto camera = recipe.value("camera", nlohmann::json::object());
    const double perPhoton = camera.value("quantum_efficiency", 1.0) * camera.value("gain", 1.0);
    if (!recipe.contains("min_photons") || !recipe.contains("max_photons")) return;
    facts.leastBright = perPhoton * recipe["min_photons"].get<double>();
    facts.mostBright = perPhoton * recipe["max_photons"].get<double>();
}

// Of the sampler on held-out images; the channel farthest from 1.
double spreadSkill(const nlohmann::json& quality, const std::string& sampler) {
    double result = posterior::TrustFacts::kUnknown;
    const nlohmann::json::json_pointer place("/samplers/" + sampler + "/channels");
    if (!quality.is_object() || !quality.contains(place)) return result;
    for (const auto& channel : quality[place]) {
        const auto figures = channel.value("calibrated", nlohmann::json::object());
        if (!figures.contains("spread_skill") || !figures["spread_skill"].is_number()) continue;
        const double value = figures["spread_skill"].get<double>();
        if (std::isnan(result) || std::abs(std::log(value)) > std::abs(std::log(result)))
            result = value;
    }
    return result;
}

double severityError(const nlohmann::json& quality) {
    const nlohmann::json::json_pointer place("/severity_error/rmse_one_field");
    if (!quality.is_object() || !quality.contains(place) || !quality[place].is_number())
        return posterior::TrustFacts::kUnknown;
    return quality[place].get<double>();
}

}  // namespace

void judgeInput(posterior::TrustFacts& facts, const Plan& plan,
                const package::ModelPackage& package, const RestorationRequest& request,
                InputPlanes& input) {
    const auto& info = request.input->info();
    tellTraining(facts, package);
    facts.leastSeverity = package.minSeverity;
    facts.mostSeverity = package.maxSeverity;
    if (package.voxelSizeUm > 0) facts.trainedPixelUm = package.voxelSizeUm;
    if (info.voxelSize && info.voxelSize->x > 0) facts.pixelUm = info.voxelSize->x;
    if (const auto calibration = package::readCalibration(package))
        facts.calibratedFor = calibration->sampler.name + " with " +
                              std::to_string(calibration->sampler.steps) + " steps";
    const auto quality = nlohmann::json::parse(package.qualityJson, nullptr, false);
    facts.spreadSkill = spreadSkill(quality, plan.sampler.name);
    facts.severityError = severityError(quality);
    const auto& spec = package.camera;
    const analysis::CameraNoise camera{request.cameraOffset.value_or(spec.offset), spec.variance,
                                       spec.gain};
    facts.saturated = 0;
    for (const auto channel : plan.c) {
        for (const auto p : plan.planesToJudge(channel)) {
            const auto plane =
                request.input->read(plan.planes[p], 0, input.statistics(plan.planes[p]).judged);
            const auto now = analysis::inputFacts(plane, camera);
            const auto farther = [](double a, double b) {
                return std::isnan(b) || std::abs(std::log(std::max(a, 1e-9))) >
                                            std::abs(std::log(std::max(b, 1e-9)));
            };
            if (spec.known()) {
                if (std::isnan(facts.bright) || now.bright > facts.bright)
                    facts.bright = now.bright;
                if (farther(now.noiseRatio, facts.noiseRatio)) facts.noiseRatio = now.noiseRatio;
                if (std::isnan(facts.contrast) || now.contrast > facts.contrast)
                    facts.contrast = now.contrast;
            }
            facts.saturated = std::max(facts.saturated, now.saturated);
        }
    }
}

}  // namespace posteria::engine
