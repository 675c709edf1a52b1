#include "core/engine/train.h"

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/engine/held_out_quality.h"
#include "core/engine/held_out_severity.h"
#include "core/tensor/device.h"
#include "core/tensor/torch_compat.h"
#include "core/training/training_job.h"

namespace posteria::engine {

std::string train(const TrainRequest& request,
                  const std::function<void(const TrainProgress&)>& progress,
                  const CancelToken& token) {
    tensor::useThreads(request.threads);
    const tensor::HeldMemory held;
    training::TrainingJob job;
    job.recipe = request.recipe;
    job.package = request.package;
    job.roles = request.networks;
    job.limits = {60 * request.minutes, request.steps};
    job.resume = request.resume;
    job.device = request.device;
    training::JobObserver observer;
    observer.onStage = [&](const std::string& stage, int done, int total) {
        progress({stage, done, total, -1, -1});
    };
    observer.onStep = [&](const training::TrainingProgress& p) {
        progress({"training " + p.role, p.step, p.steps, p.loss, p.secondsLeft});
    };
    try {
        if (!training::runTraining(job, token, observer)) return {};
        const auto recipe = training::readRecipe(request.recipe);
        const auto told = [&](const char* stage) {
            return [&progress, stage](int done, int total) {
                progress({stage, done, total, -1, -1});
            };
        };
        auto package = package::readPackage(request.package);
        if (package.network("severity")) {
            package.severityCurve =
                validationSeverityCurve(recipe, request.package, told("severity curve"), token);
            package::writePackage(package);
        }
        if (recipe.package.samplers.front().samples > 1) {
            package.calibrationJson =
                validationCalibration(recipe, request.package, told("calibration"), token);
            package::writePackage(package);
        }
        package.qualityJson =
            heldOutQuality(recipe, request.package, told("held-out figures"), token);
        if (package.network("severity")) {
            auto quality = nlohmann::ordered_json::parse(package.qualityJson);
            quality["severity_error"] = nlohmann::ordered_json::parse(
                heldOutSeverity(recipe, request.package, told("severity figures"), token));
            package.qualityJson = quality.dump(2);
        }
        package::writePackage(package);
        return package.qualityJson;
    } catch (const c10::Error& error) {
        log::error(error.what());
        throw Error(ErrorKind::Failed,
                    "The training failed: " + std::string(error.what_without_backtrace()),
                    request.device, "Try the device cpu, or a smaller batch.");
    }
}

}  // namespace posteria::engine
