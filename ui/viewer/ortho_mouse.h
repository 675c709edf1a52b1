// What the mouse does to orthogonal views: a click puts the crosshair there, and so moves the
// slices of the other two; Shift+move leads it, left drag pans, the wheel zooms at the cursor,
// Ctrl+wheel steps through the slices of the view under it, double-click zooms in (Alt: out).
#pragma once

#include <QObject>
#include <QPointF>
#include <optional>

#include "ui/viewer/ortho_view.h"

class QMouseEvent;
class QWheelEvent;

namespace posteria::ui::viewer {

class OrthoMouse : public QObject {
  public:
    // Becomes a child of the view and filters its events.
    explicit OrthoMouse(OrthoView* view);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void press(const QMouseEvent& event);
    void move(const QMouseEvent& event);
    void release(const QMouseEvent& event);
    bool wheel(const QWheelEvent& event);  // false: not for the views

    OrthoView* m_view;
    std::optional<OrthoView::Side> m_dragged;
    QPointF m_pressed, m_last;
    bool m_panned = false;
    int m_wheelRest = 0;
};

}  // namespace posteria::ui::viewer
