// What the images of a recipe look like, for nn::inputDistance to compare others with.
#pragma once

#include "core/base/cancel_token.h"
#include "core/training/field_pool.h"

namespace posteria::training {

// From degraded training fields as training draws them, whole.
package::InputStatistics measureInputs(const FieldPool& pool, const CancelToken& token);

}  // namespace posteria::training
