// What a restoration x leaves of its input, y - D(x), where the task's degradation D can be written
// down: mixing so far. Private to the engine.
#pragma once

#include <vector>

#include "core/engine/plan.h"

namespace posteria::engine {

// `restored` is a result of the plan, `severity` holds one value for each selected input channel.
// The camera offset is not known, so the median is taken off every plane. Null without such a D.
image::StackPtr residualStack(const Plan& plan, const package::ModelPackage& package,
                              const image::Stack& input, const std::vector<double>& severity,
                              const image::Stack& restored);

// Of the input's structure, the share that such a residual still has: standard deviations of means
// of 9 x 9 pixels, of some planes of every channel, the largest; below 0 where the plane is too
// small or empty.
double unexplainedShare(const Plan& plan, const image::Stack& input, const image::Stack& residual);

// Structure that is left in it (analysis::ResidualCheck), of some planes of every channel, the
// largest channel's; below 0 where it cannot be told.
double residualStructure(const Plan& plan, const package::ModelPackage& package,
                         const image::Stack& input, const std::vector<double>& severity,
                         const image::Stack& restored);

}  // namespace posteria::engine
