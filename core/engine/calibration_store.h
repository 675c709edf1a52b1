// Keeping a calibration with its model, free of LibTorch. Safe from any thread.
#pragma once

#include <string>

#include "core/package/calibration.h"

namespace posteria::engine {

struct CalibratedModel {
    std::string folder, name;
};

// Where the window keeps a calibration: with the model, where that is the user's own, and else with
// a copy in the user's folder of models (package::userModelFolder), NAME-calibrated. Models that
// came with the program are never changed.
CalibratedModel calibratedModel(const package::ModelPackage& model);
// Puts the calibration into `to.folder`, which becomes a copy of the model named `to.name` unless
// it is the model's own, and takes out held-out figures of a former one. A copy is whole or not
// there. Throws Error{Failed}.
void storeCalibration(const package::ModelPackage& model, const package::Calibration& calibration,
                      const CalibratedModel& to);

}  // namespace posteria::engine
