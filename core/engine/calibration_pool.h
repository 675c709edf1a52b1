// Restorations of images whose truth is known, gathered for a calibration: of the engine's fit, of
// `posteria-cli measure`, and of training. Private to the engine.
#pragma once

#include "core/engine/truth_pool.h"

namespace posteria::engine {

class CalibrationPool {
  public:
    // `sampler` is what draws: its samples are counted anew.
    CalibrationPool(std::size_t channels, package::SamplerSpec sampler);

    // Throws Error{Usage} for a restoration of one sample, which has no spread.
    void add(const posterior::Snapshot& result, const KnownImage& image);
    package::Calibration fitted() const;

  private:
    std::vector<TruthPool> m_pools;   // without samples: a calibration asks how many there were
    std::vector<std::size_t> m_ends;  // of every image's planes in a pool
    package::SamplerSpec m_sampler;
};

// Fits the calibration of the model's first sampler on `count` images.
package::Calibration fitCalibration(Engine& engine, const package::ModelPackage& package,
                                    const RestorationRequest& settings, int count,
                                    const std::function<KnownImage(int)>& image,
                                    const std::function<void(int done, int total)>& progress,
                                    const CancelToken& token);

}  // namespace posteria::engine
