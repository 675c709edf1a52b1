// One restoration: draws the samples of a request plane by plane and publishes what they say, of
// the whole or part by part. Private to the engine; runs on the thread that calls it.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <tuple>

#include "core/engine/engine.h"
#include "core/engine/forward_model.h"
#include "core/engine/input_planes.h"
#include "core/engine/plan.h"
#include "core/engine/trace.h"
#include "core/package/calibration.h"
#include "core/posterior/posterior_builder.h"
#include "core/sampling/noise_spectrum.h"

namespace posteria::engine {

class Restoration {
  public:
    Restoration(const nn::Model& model, const c10::Device& device,
                const RestorationRequest& request, RunObserver& observer, const CancelToken& token,
                std::uint64_t memoryBytes, std::uint64_t deviceBytes);

    RunReport run();
    // Progress goes to the observer, everything else to the receiver.
    RunReport runInParts(PartReceiver& receiver);

  private:
    using Clock = std::chrono::steady_clock;
    struct PreparedPlane {
        at::Tensor y;      // [1, H, W] normalised, of the plan's window
        at::Tensor guide;  // [G, H, W], what the velocity is given: nn::Model::guide()
        std::unique_ptr<sampling::TiledMean> mean;  // fills the guide in
        at::Tensor deviation;  // [1, C, H, W] of the guide's mean as it stands; or undefined
        nn::Normalisation normalisation;
    };
    struct PlaneFacts {
        double noiseRatio = 0;              // ForwardModel::noiseRatio; 0: not known yet
        std::vector<nn::RadialGain> gains;  // nn::Model::residualGains; empty: not known yet
    };
    using OnSample = std::function<void(int, const std::vector<image::Plane>&)>;

    void judge();  // all that is told of the whole input
    void begin(Plan plan);
    // Draws what the plan has, but for the samples given, and returns the last snapshot.
    std::shared_ptr<posterior::Snapshot> drawAll(const std::vector<image::StackPtr>& given,
                                                 const OnSample& onSample);
    void finishReport(const posterior::Diagnostics& last);
    std::int64_t callsFor(const Plan& plan, int given) const;
    const PreparedPlane& prepare(std::size_t plane);
    void warnIfSaturated(const image::PlaneIndex& plane);
    void compareInput();
    void chooseSeverity();
    void chooseCalibration();
    void calibrate();  // once the planes' normalisation is known
    PlaneFacts& factsOf(std::size_t plane);
    sampling::Restorer restorer(std::size_t plane);
    at::Tensor samplerInput(std::size_t plane);
    std::uint64_t seedOf(std::size_t plane) const;
    sampling::NoiseField noiseField(std::size_t plane, int sample) const;
    double noiseRatio(std::size_t plane);
    at::Tensor drawPlane(std::size_t plane, int sample);  // [C, H, W] of the window, see toGrey
    at::Tensor toGrey(std::size_t plane, const at::Tensor& drawn);  // [C, H, W] of the part
    void prepareGuide(std::size_t plane);
    std::vector<nn::RadialGain> gainsOf(std::size_t plane);
    bool drawsWholePlanes() const { return m_plan.part == m_plan.roi; }
    bool drawsFlow() const;
    const std::vector<image::Plane>& drawSample(int sample);
    void countCall();
    void reportProgress();
    void publishPartial(std::size_t plane, const sampling::PartialPlane& partial);
    double severityOf(const image::PlaneIndex& plane) const;
    bool isEnough();
    double oneShotDeparture(const posterior::Snapshot& last) const;
    void judgeResult(int samples, const posterior::Diagnostics& last);
    bool isTiled() const;
    double seamScore() const;

    const nn::Model& m_model;
    const c10::Device m_device;
    const RestorationRequest& m_request;
    RunObserver& m_observer;
    const CancelToken& m_token;
    const std::uint64_t m_memoryBytes;
    Plan m_whole, m_plan;  // of the request, of what is drawn at present
    InputPlanes m_input;
    ForwardModel m_forward;
    sampling::NoiseSpectrum m_spectrum;  // of the noise that samples start from
    std::optional<posterior::PosteriorBuilder> m_builder;
    posterior::Diagnostics m_diagnostics;
    std::vector<PreparedPlane> m_prepared;
    std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>, PlaneFacts> m_facts;  // t, c, z
    bool m_hold = false;  // what is prepared is kept from sample to sample, not made again
    bool m_inParts = false;
    std::size_t m_parts = 1;
    std::vector<double> m_severity;      // t of each selected input channel
    std::vector<image::Plane> m_sample;  // planes of the sample drawn last, or being drawn
    Trace m_trace;
    image::Plane m_nothing;  // a plane of NaN
    RunReport m_report;
    Clock::time_point m_start, m_firstCall, m_lastPartial;
    double m_partialPause = 0;  // seconds before the next partial snapshot
    std::optional<package::Calibration> m_calibration;
    bool m_saturationTold = false, m_noiseTold = false;
    std::int64_t m_callsExpected = 0;
    int m_drawing = 0;    // number of the sample being drawn, from 1
    std::string m_stage;  // what comes before it in the name of a stage
};

}  // namespace posteria::engine
