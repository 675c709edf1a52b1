// One restoration: draws the samples of a request plane by plane and publishes what they say.
// Private to the engine; runs on the thread that calls it.
#pragma once

#include <chrono>
#include <optional>

#include "core/engine/engine.h"
#include "core/engine/forward_model.h"
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
                std::uint64_t memoryBytes);

    RunReport run();

  private:
    using Clock = std::chrono::steady_clock;
    struct PreparedPlane {
        at::Tensor y;      // [1, H, W] normalised, of the region
        at::Tensor guide;  // [G, H, W], what the velocity is given: nn::Model::guide()
        std::unique_ptr<sampling::TiledMean> mean;  // fills the guide in
        at::Tensor deviation;  // [1, C, H, W] of the guide's mean as it stands; or undefined
        nn::Normalisation normalisation;
        double noiseRatio = 0;  // ForwardModel::noiseRatio; 0: not known yet
    };

    const PreparedPlane& prepare(std::size_t plane);
    void warnIfSaturated(const image::Plane& grey);
    void compareInput();
    void chooseSeverity();
    void chooseCalibration();
    void calibrate();  // once the planes' normalisation is known
    sampling::Restorer restorer(std::size_t plane);
    at::Tensor samplerInput(std::size_t plane);
    sampling::NoiseField noiseField(std::size_t plane, int sample) const;
    double noiseRatio(std::size_t plane);
    at::Tensor drawPlane(std::size_t plane, int sample);  // [C, H, W], see toGrey
    at::Tensor toGrey(std::size_t plane, const at::Tensor& drawn);
    void prepareGuide(std::size_t plane);
    bool drawsFlow() const;
    std::vector<image::Plane> drawSample(int sample);
    void countCall();
    void reportProgress(int sample);
    void publishPartial(std::size_t plane, const sampling::PartialPlane& partial);
    double severityOf(const image::PlaneIndex& plane) const;
    bool isEnough();
    double oneShotDeparture(const posterior::Snapshot& last) const;
    void judgeResult(const posterior::Snapshot& last, bool tiled);
    double seamScore() const;

    const nn::Model& m_model;
    const c10::Device m_device;
    const RestorationRequest& m_request;
    RunObserver& m_observer;
    const CancelToken& m_token;
    Plan m_plan;
    ForwardModel m_forward;
    sampling::NoiseSpectrum m_spectrum;  // of the noise that samples start from
    posterior::PosteriorBuilder m_builder;
    std::vector<PreparedPlane> m_prepared;
    std::vector<double> m_inputStd;  // grey values, one a plane; 0 while it has not been read
    bool m_hold;  // what is prepared is kept from sample to sample, not made again
    std::vector<double> m_severity;      // t of each selected input channel
    std::vector<image::Plane> m_sample;  // planes of the sample being drawn
    Trace m_trace;
    image::Plane m_nothing;  // a plane of NaN
    RunReport m_report;
    Clock::time_point m_start, m_firstCall, m_lastPartial;
    double m_partialPause = 0;  // seconds before the next partial snapshot
    std::optional<package::Calibration> m_calibration;
    bool m_saturationTold = false, m_noiseTold = false;
    std::int64_t m_callsExpected = 0;
    int m_drawing = 0;  // number of the sample being drawn, from 1
};

}  // namespace posteria::engine
