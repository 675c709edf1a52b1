// What the mouse does to orthogonal views: a click puts the crosshair there, and so moves the
// slices of the other two; Shift+move leads it, left drag pans, the wheel zooms at the cursor,
// Ctrl+wheel steps through the slices of the view under it, double-click zooms in (Alt: out). With
// the habits of Fiji and Slicer the wheel steps and Ctrl+wheel zooms; with Slicer's Ctrl+left drag
// changes window and level.
#pragma once

#include <QObject>
#include <QPointF>
#include <optional>

#include "ui/model/input_preset.h"
#include "ui/viewer/contrast_drag.h"
#include "ui/viewer/ortho_view.h"
#include "ui/viewer/wheel_turn.h"

class QMouseEvent;
class QWheelEvent;

namespace posteria::ui::viewer {

class OrthoMouse : public QObject {
  public:
    // Becomes a child of the view and filters its events.
    explicit OrthoMouse(OrthoView* view);

    void setPreset(InputPreset preset) { m_preset = preset; }

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void press(const QMouseEvent& event);
    void move(const QMouseEvent& event);
    void release(const QMouseEvent& event);
    bool wheel(const QWheelEvent& event);  // false: not for the views

    OrthoView* m_view;
    InputPreset m_preset = InputPreset::Napari;
    ContrastDrag m_contrast;
    std::optional<OrthoView::Side> m_dragged;
    QPointF m_pressed, m_last;
    bool m_panned = false;
    WheelTurn m_wheel;
};

}  // namespace posteria::ui::viewer
