// What a recipe's task makes of a simulated scene: which planes of it are kept, what of them is
// clean and what a camera would see of them at a severity (t = 0 clean, 1 fully degraded). Planes
// are float32, noise-free, in relative photons; all functions but simulate are linear in them. Any
// thread.
// - split, bleedthrough: two scenes, both clean; seen is (1 - t) c_0 + t c_1 (physics::Mixing).
// - dehaze: one scene while a pinhole opens (physics::hazyOptics); clean is the narrowest, seen is
//   the level t, between levels interpolated.
// - denoise: one scene, seen as it is: the camera's noise is all there is to take off.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/simulation/field.h"

namespace posteria::training {

// Point spread functions in focus, each [side, side] with its centre in the middle.
struct FocusBlur {
    at::Tensor seen, clean;
};

class Task {
  public:
    virtual ~Task() = default;
    virtual int scenes() const = 0;    // simulated for a field
    virtual int channels() const = 0;  // restored: C
    virtual double usualSeverity() const = 0;
    virtual bool knowsSeverity() const { return true; }
    virtual std::string severityLaw() const = 0;  // in words
    // [L, H, W]: what has to be kept of a seed's scenes.
    virtual at::Tensor simulate(const std::vector<std::string>& scenes,
                                const simulation::FieldSettings& field,
                                std::uint64_t seed) const = 0;
    virtual at::Tensor clean(const at::Tensor& layers) const = 0;                  // [C, H, W]
    virtual at::Tensor seen(const at::Tensor& layers, double severity) const = 0;  // [H, W]
    // How a seed's microscope blurs what is seen at a severity and what is clean; none where both
    // are blurred alike.
    virtual std::optional<FocusBlur> focusBlur(const simulation::FieldSettings& /*field*/,
                                               std::uint64_t /*seed*/, double /*severity*/) const {
        return std::nullopt;
    }
};

// Null for a name that is none.
const Task* findTask(const std::string& name);
std::vector<std::string> taskNames();

}  // namespace posteria::training
