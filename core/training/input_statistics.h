// What the images of a recipe look like, for nn::inputDistance to compare others with.
#pragma once

#include <functional>

#include "core/base/cancel_token.h"
#include "core/training/field_pool.h"

namespace posteria::training {

// Mean, covariance and limit from fields of the recipe, simulated anew, that are in neither the
// training set, nor those to calibrate and test with.
package::InputStatistics measureInputs(const Recipe& recipe, const CancelToken& token,
                                       const std::function<void(int done, int total)>& progress);

}  // namespace posteria::training
