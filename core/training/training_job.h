// The whole of `posteria-cli train`: recipe in, model package out. Fields and checkpoints are kept
// in PACKAGE.training/ beside the package, so that training can be stopped at any moment and
// resumed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/cancel_token.h"
#include "core/training/trainer.h"

namespace posteria::training {

struct TrainingJob {
    std::string recipe, package;  // paths
    std::vector<std::string>
        roles;                   // networks to train in this call; empty: all, one after the other
    TrainingLimits limits;       // of each network
    std::string device = "cpu";  // as tensor::parseDevice
    bool resume = false;
    // A package whose weights the networks start from; checkpoints that are there come first, and
    // resume goes without saying. Empty: none.
    std::string start;
};

struct JobObserver {
    std::function<void(const std::string& stage, int done, int total)> onStage;
    std::function<void(const TrainingProgress&)> onStep;
};

// Trains, then writes the package when every network of the recipe has a checkpoint, and tells
// whether it did. Throws Error{Usage} for a bad recipe or an existing training without `resume`,
// Error{Cancelled} when the token was set (checkpoints are saved first).
bool runTraining(const TrainingJob& job, const CancelToken& token, const JobObserver& observer);

}  // namespace posteria::training
