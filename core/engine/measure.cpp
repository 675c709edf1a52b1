#include "core/engine/measure.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/engine/deblur_quality.h"
#include "core/engine/held_out_quality.h"
#include "core/engine/held_out_severity.h"
#include "core/engine/posterior_cost.h"
#include "core/engine/residual_gain.h"
#include "core/engine/trust_hits.h"
#include "core/tensor/device.h"
#include "core/training/input_statistics.h"

namespace posteria::engine {

namespace {

training::Recipe recipeOf(const package::ModelPackage& package) {
    const auto training = nlohmann::ordered_json::parse(package.trainingJson, nullptr, false);
    if (!training.is_object() || !training.contains("recipe")) {
        throw Error(ErrorKind::Model, "The model does not say how it was trained.",
                    package.folder + "/model.json",
                    "Measure a package written by posteria-cli train, or compare its results with "
                    "the truth by posteria-cli evaluate.");
    }
    return training::parseRecipe(training["recipe"].dump(), package.folder + "/model.json");
}

}  // namespace

std::string measure(
    const MeasureRequest& request,
    const std::function<void(const std::string& stage, int done, int total)>& progress,
    const CancelToken& token) {
    tensor::useThreads(request.threads);
    const tensor::HeldMemory held;
    auto package = package::findPackage(request.model);
    const auto& folder = package.folder;
    const auto recipe = recipeOf(package);
    const auto told = [&](const char* stage) {
        return [&progress, stage](int done, int total) { progress(stage, done, total); };
    };
    // What packages of earlier versions did not tell.
    package.camera = recipe.package.camera;
    package.optics = recipe.package.optics;
    package.matrix = recipe.package.matrix;
    package::writePackage(package);
    const auto wanted = [&](const char* part) {
        return std::find(request.parts.begin(), request.parts.end(), part) != request.parts.end();
    };
    auto quality = nlohmann::ordered_json::parse(package.qualityJson, nullptr, false);
    if (!quality.is_object()) quality = nlohmann::ordered_json::object();
    const auto keep = [&](const char* key, const std::string& figures) {
        quality[key] = nlohmann::ordered_json::parse(figures);
    };
    if (wanted("inputs")) {
        package.inputStatistics = training::measureInputs(recipe, token, told("input statistics"));
        package::writePackage(package);
    }
    const bool severity = wanted("severity") && package.network("severity");
    if (severity) {
        package.severityCurve =
            validationSeverityCurve(recipe, folder, told("severity curve"), token);
        package::writePackage(package);
    }
    if (wanted("posterior")) {
        package.residualGain.clear();  // of samples as they are drawn
        package::writePackage(package);
        package.residualGain =
            validationResidualGain(recipe, folder, told("spectrum of samples"), token);
        package::writePackage(package);
        if (package.samplers.front().samples > 1) {
            package.calibrationJson =
                validationCalibration(recipe, folder, told("calibration"), token);
            package::writePackage(package);
        }
        quality.update(nlohmann::ordered_json::parse(
            heldOutQuality(recipe, folder, told("held-out figures"), token)));
    }
    if (severity)
        keep("severity_error", heldOutSeverity(recipe, folder, told("severity figures"), token));
    if (wanted("blur") && hasDeblurQuality(recipe, package))
        keep("deblur", deblurQuality(recipe, folder, told("deblurring figures"), token));
    if (wanted("cost") && hasPosteriorCost(package))
        keep("cost", posteriorCost(recipe, folder, told("network calls"), token));
    if (wanted("trust")) keep("trust", trustHits(recipe, folder, {}, told("lights"), token));
    package.qualityJson = quality.dump(2);
    package::writePackage(package);
    return package.qualityJson;
}

}  // namespace posteria::engine
