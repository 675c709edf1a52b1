// A model's uncertainty being fitted to images whose truth is known, one pair after the other: the
// work of `posteria-cli calibrate` and of the window, free of LibTorch. Made by
// Engine::startCalibration, used on the engine's thread, and not beyond the engine's life.
#pragma once

#include <functional>

#include "core/base/cancel_token.h"
#include "core/engine/image_pairs.h"
#include "core/package/calibration.h"

namespace posteria::engine {

class CalibrationFit {
  public:
    virtual ~CalibrationFit() = default;
    // Restores the pair's input and holds its deviations against its errors; `progress` is the
    // share that is done, 0 … 1. A pair that was stopped or failed does not count. Throws Error.
    virtual void add(const ImagePair& pair, const std::function<void(double)>& progress,
                     const CancelToken& token) = 0;
    // Of the pairs so far, at least one.
    virtual package::Calibration fitted() const = 0;
};

}  // namespace posteria::engine
