#include "core/engine/train.h"

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/engine/measure.h"
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
    job.start = request.start;
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
        return measure(
            {request.package, request.threads},
            [&](const std::string& stage, int done, int total) {
                progress({stage, done, total, -1, -1});
            },
            token);
    } catch (const c10::Error& error) {
        log::error(error.what());
        throw Error(ErrorKind::Failed,
                    "The training failed: " + std::string(error.what_without_backtrace()),
                    request.device, "Try the device cpu, or a smaller batch.");
    }
}

}  // namespace posteria::engine
