// Loads libposteria-engine.so, and LibTorch with it, when the first model is needed. Call from the
// engine thread: it takes 0.6 s warm, 1.5 s cold.
#pragma once

#include <memory>

#include "core/engine/engine.h"

namespace posteria::engine {

// The library stays mapped until the process ends. Throws Error{Failed} when it is missing, of
// another interface, or cannot be loaded.
std::unique_ptr<Engine> loadEngine();

}  // namespace posteria::engine
