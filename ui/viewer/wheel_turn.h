// What a turn of the wheel means, with the habits of napari, Fiji or Slicer: steps through slices,
// at most one an event, as trackpads send many small ones; or a factor to zoom by.
#pragma once

#include <QWheelEvent>
#include <cmath>
#include <utility>

#include "ui/model/input_preset.h"

namespace posteria::ui::viewer {

class WheelTurn {
  public:
    // -1, 0 or 1; of an event for which wheelSteps() holds.
    int steps(InputPreset preset, const QWheelEvent& event) {
        m_rest += event.angleDelta().y();
        if (std::abs(m_rest) < kNotch) return 0;
        return wheelStep(preset, std::exchange(m_rest, 0));
    }
    static double zoom(const QWheelEvent& event) {
        return std::pow(2.0, event.angleDelta().y() / (4.0 * kNotch));
    }

  private:
    static constexpr int kNotch = 120;
    int m_rest = 0;
};

}  // namespace posteria::ui::viewer
