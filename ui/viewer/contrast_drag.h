// A drag that changes a layer's contrast as 3D Slicer does: to the right the window (upper minus
// lower limit) grows, upwards the level (their middle) rises. All channels that are shown change in
// proportion to their own limits. Belongs to the mouse of one view; GUI thread only.
#pragma once

#include <QPointF>
#include <QPointer>
#include <vector>

#include "ui/model/layer.h"

namespace posteria::ui::viewer {

class ContrastDrag {
  public:
    // channel: as ViewState::channel(). A null layer, or one without limits yet, drags nothing.
    void begin(Layer* layer, int channel, const QPointF& position);
    void moveTo(const QPointF& position);
    void end() { m_active = false; }
    bool isActive() const { return m_active; }

  private:
    struct Start {
        int channel;
        Limits limits;
    };
    QPointer<Layer> m_layer;
    std::vector<Start> m_starts;
    QPointF m_from;
    bool m_active = false;
};

}  // namespace posteria::ui::viewer
