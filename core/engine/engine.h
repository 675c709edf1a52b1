// The engine as the outside sees it: synchronous, free of Qt and of LibTorch in its headers.
// One engine is used by one thread at a time (the window has one engine thread). Errors are
// posteria::Error; a cancelled run throws Error{Cancelled} after its last snapshot was delivered.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/cancel_token.h"
#include "core/engine/calibration_fit.h"
#include "core/engine/request.h"
#include "core/posterior/snapshot.h"
#include "core/posterior/trust.h"

namespace posteria::engine {

struct Progress {
    std::string stage;            // "Loading the model", "Sample 3 of 16", …
    double fraction = 0;          // of the whole run, 0 … 1
    double secondsLeft = -1;      // -1 while unknown
    int sample = 0, samples = 0;  // being drawn (from 1), requested
};

// Called on the engine's thread; must return quickly and must not throw.
class RunObserver {
  public:
    virtual ~RunObserver() = default;
    virtual void onProgress(const Progress& progress) = 0;
    virtual void onSnapshot(const posterior::SnapshotPtr& snapshot) = 0;
};

// A part of a result, in the result's own pixels: all channels of some frames and slices in a
// region.
struct ResultPart {
    image::Shape whole;  // of the result
    std::int64_t firstT = 0, frames = 1, firstZ = 0, slices = 1;
    image::Rect region;
    int number = 0, count = 1;  // from 0
    PartSize size;              // a later run with the same has the same parts
    int tile = 0, overlap = 0;  // likewise
};

// Takes a result part by part. Called on the engine's thread; what it throws ends the run.
class PartReceiver {
  public:
    virtual ~PartReceiver() = default;
    virtual void onProgress(const Progress& progress) = 0;
    // Before a part is drawn. False: it is not wanted. `finished` takes samples 0, 1, … of it that
    // were drawn earlier.
    virtual bool onPart(const ResultPart& part, std::vector<image::StackPtr>& finished) = 0;
    // Sample k of that part, whole.
    virtual void onSample(int k, const image::StackPtr& sample) = 0;
    // The last snapshot of that part; its stacks have the part's shape.
    virtual void onResult(const ResultPart& part, const posterior::Snapshot& result) = 0;
};

// Half widths of intervals around the mean, in calibrated standard deviations, counted on images
// with a known truth; see analysis/interval.h. 0: not known.
struct IntervalFactors {
    double share68 = 0, share90 = 0;  // held those shares of the truth
    double conformal90 = 0;           // promised to hold 90 % of an image like the training images
};

// Everything the report file tells of a finished run.
struct RunReport {
    std::string appVersion, torchVersion, model, modelSha256, sampler, device, precision;
    int steps = 0, samples = 0, tile = 0, overlap = 0, batch = 0, threads = 0;
    bool stoppedEarly = false;  // fewer samples than asked for were enough
    std::uint64_t seed = 0;
    std::vector<double> severity;
    bool severityEstimated = false;
    // How unlike the training images the input is, over what 1 in 100 of them is; < 0: not known.
    double inputDistance = -1;
    std::int64_t networkCalls = 0;
    double secondsNetwork = 0, secondsTotal = 0;
    std::uint64_t peakMemoryBytes = 0;
    double seamScore = 0, monteCarloError = 0;
    double residualStructure = -1;  // of a sample, see posterior::Diagnostics
    bool calibrated = false;
    std::vector<IntervalFactors> intervals;  // one an output, where it is calibrated
    posterior::TrustFacts trust;
    std::vector<std::string> warnings;
};

class Engine {
  public:
    virtual ~Engine() = default;

    virtual std::string torchVersion() const = 0;
    virtual std::vector<std::string> devices() const = 0;  // "cpu", "cuda:0 NVIDIA …", …
    // Draws the samples; returns the report of the whole run. The last snapshot holds the result.
    virtual RunReport run(const RestorationRequest& request, RunObserver& observer,
                          const CancelToken& token) = 0;
    // The same for results of any size: what is drawn at a time fits into the request's memory, of
    // which the program itself takes its share, and is handed over as soon as it is whole. Parts
    // fit together as if the whole had been drawn at once. Figures of the report that are of an
    // image are of the parts drawn. Throws Error{Usage} for a memory the program exceeds by itself.
    virtual RunReport runInParts(const RestorationRequest& request, PartReceiver& receiver,
                                 const CancelToken& token) = 0;
    // One severity for all images of one acquisition (one microscope, one dye), from all of them
    // together; none where the model cannot tell. The requests differ in their input alone. Throws
    // Error{Usage} where several channels are selected: each has a severity of its own.
    virtual std::optional<double> estimateSeverity(
        const std::vector<RestorationRequest>& acquisition, const CancelToken& token) = 0;
    // Of the settings' model and sampler; their input and selection are not looked at. Throws
    // Error{Model} for a model that cannot be found, Error{Usage} for a sampler that it has not.
    virtual std::unique_ptr<CalibrationFit> startCalibration(
        const RestorationRequest& settings) = 0;
};

// The one door of libposteria-engine.so for programs that load it late; see engine_loader.h.
inline constexpr int kEngineInterface = 3;

}  // namespace posteria::engine

// Returns null when `interface` is not the library's kEngineInterface. The caller owns the result.
extern "C" posteria::engine::Engine* posteria_create_engine(int interface);
