// One call into a degradation or an analysis. Any thread.
#pragma once

#include <string>

#include "core/base/cancel_token.h"
#include "core/image/types.h"
#include "core/plugin/plugin_host.h"

namespace posteria::plugin {

enum class Direction { Apply, Adjoint };

// y = D x or x = D^T y: float32 pixels, T C Z Y X without gaps; `in` and `out` do not overlap.
// Severity 0 is clean, 1 fully degraded. Throws Error{Failed} with the plugin's sentence.
void degrade(const Plugin& plugin, Direction direction, double severity, const image::Shape& shape,
             const float* in, float* out, const CancelToken& token = {});

// The JSON text an analysis answers with. `uncertainty` may be null. Throws Error{Failed}.
std::string analyse(const Plugin& plugin, const PosteriaBuffer& image,
                    const PosteriaBuffer* uncertainty, const CancelToken& token = {});

}  // namespace posteria::plugin
