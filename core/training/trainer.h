// Trains one network of a model: AdamW with warm-up and cosine decay, gradient clipping, an
// exponential moving average of the weights (what is shipped), a checkpoint from which training
// goes on as if it had never stopped.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/base/cancel_token.h"
#include "core/nn/model.h"
#include "core/sampling/noise_spectrum.h"
#include "core/training/field_pool.h"

namespace posteria::training {

struct TrainingProgress {
    std::string role;
    std::int64_t step = 0, steps = 0;
    double loss = 0;         // running mean of the last 200 steps
    double secondsLeft = 0;  // to the end of this call
};

struct TrainingLimits {
    double seconds = 0;      // of this call; 0: none
    std::int64_t steps = 0;  // of the whole training; 0: the recipe's
};

class Trainer {
  public:
    // The model's networks must match the recipe's. Reads the checkpoint when there is one and
    // `resume`. `guide` is the fingerprint of the network that this one is trained beside, if any;
    // checkpoints keep it.
    Trainer(nn::Model& model, const FieldPool& pool, std::string role, std::string checkpoint,
            bool resume, std::string guide = {});
    ~Trainer();

    // Trains until a limit is reached or the token is set; saves every few minutes and at the end.
    void run(const TrainingLimits& limits, const CancelToken& token,
             const std::function<void(const TrainingProgress&)>& progress);
    std::int64_t stepsDone() const;
    double secondsDone() const;  // of training so far, over all calls
    double drawShare() const;    // of the last call's time, spent on drawing batches; 0 … 1
    double loss() const;

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

// The loss of a batch for a network's role: mean squared error in normalised units. For "velocity"
// flow times are drawn from [0, 1) and the noise has the spectrum given; around the mean, errors
// weigh by the deviation, between the flow's units, in which empty background would count as much
// as structure, and grey values, in which the brightest spots would drown the rest. For "severity"
// the error is of t; "restore", "degrade" and "degrade-alone" need a batch with states. For "prior"
// it is the error of F (nn::Model::denoise) at noise levels even on a logarithmic scale, of clean
// images alone; for "hdn" the negative evidence lower bound (nn::negativeElbo) of y alone.
at::Tensor roleLoss(const nn::Model& model, const std::string& role, const Batch& batch,
                    const sampling::NoiseSpectrum& spectrum, std::uint64_t seed,
                    std::uint64_t stream);

// Puts states that the loop reaches (sampler cold-improved, the networks as they are) in the place
// of every second true one of a batch with states. Its way from the degraded image to the image's
// time takes one to three restorations, at times evenly apart.
void visitLoop(const nn::Model& model, Batch& batch, std::uint64_t seed, std::uint64_t stream);

struct TrainingRecord {
    std::int64_t steps = 0;
    double seconds = 0, loss = -1;  // of training so far; running mean at its end
    std::string guide;              // as Trainer's
};

// A checkpoint from which training goes on with weights that only are known by themselves; Adam's
// moments start from zero.
void writeCheckpoint(const std::string& path, const nn::NamedTensors& weights,
                     const TrainingRecord& record);
// The averaged weights kept in a checkpoint; throws Error{Model} when there is none.
nn::NamedTensors averagedWeights(const std::string& checkpoint);

}  // namespace posteria::training
