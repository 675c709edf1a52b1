// Training behind `posteria-cli train`, free of LibTorch in this header. The recipe's fields are
// listed in resources/models/README.md. Checkpoints lie in PACKAGE.training/, so a training can be
// stopped at any moment and resumed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/cancel_token.h"

namespace posteria::engine {

struct TrainRequest {
    std::string recipe, package;        // paths: the recipe file, the package to write
    std::vector<std::string> networks;  // roles to train in this call; empty: all in turn
    std::string device = "auto";
    double minutes = 0;      // of this call, for each network; 0: no limit
    std::int64_t steps = 0;  // of the whole training of a network; 0: the recipe's
    int threads = 0;         // 0: all processors
    bool resume = false;
    std::string start;  // a package whose weights the networks start from; empty: none
};

struct TrainProgress {
    std::string stage;  // "simulating fields", "training oneshot", …
    std::int64_t done = 0, total = 0;
    double loss = -1;  // negative: none yet
    double secondsLeft = -1;
};

// Throws Error{Usage} for a bad recipe, Error{Failed} when the loss is no longer a number, and
// Error{Cancelled} after the checkpoint was saved. Returns held-out figures as JSON text once the
// package was written, an empty text while networks of the recipe are still untrained.
std::string train(const TrainRequest& request,
                  const std::function<void(const TrainProgress&)>& progress,
                  const CancelToken& token);

}  // namespace posteria::engine
