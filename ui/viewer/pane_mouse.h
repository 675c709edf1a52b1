// What the mouse does to linked panes, as in napari: the wheel zooms at the cursor, left drag pans,
// Ctrl+wheel steps the slider used last, double-click zooms in (Alt: out), Shift+move leads the
// crosshair; trackpads pinch; a box drawn with Alt held fills the pane. With the habits of Fiji and
// Slicer the wheel steps and Ctrl+wheel zooms; with Slicer's Ctrl+left drag changes window and
// level. GUI thread only.
#pragma once

#include <QObject>
#include <QPointF>
#include <QRubberBand>
#include <optional>

#include "ui/model/input_preset.h"
#include "ui/viewer/contrast_drag.h"
#include "ui/viewer/wheel_turn.h"

class QMouseEvent;
class QWheelEvent;

namespace posteria::ui::viewer {

class LinkedPanes;

class PaneMouse : public QObject {
  public:
    // Becomes a child of the panes and filters their events.
    explicit PaneMouse(LinkedPanes* panes);

    void setPreset(InputPreset preset) { m_preset = preset; }
    int pane() const { return m_pane; }  // under the mouse; -1: none

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void press(const QMouseEvent& event);
    void move(const QMouseEvent& event);
    void release(const QMouseEvent& event);
    void doubleClick(const QMouseEvent& event);
    bool wheel(const QWheelEvent& event);  // false: not for the panes
    void leave();
    void drawBox(const QPointF& to);
    void zoomToBox();
    void pointAt(const QPointF& widgetPosition, Qt::KeyboardModifiers modifiers);

    LinkedPanes* m_panes;
    InputPreset m_preset = InputPreset::Napari;
    std::optional<QPointF> m_dragFrom, m_pressedAt;
    std::optional<QPointF> m_boxFrom;
    QRubberBand m_box;
    ContrastDrag m_contrast;
    WheelTurn m_wheel;
    int m_pane = -1, m_dragged = -1;  // the latter: where the drag began
};

}  // namespace posteria::ui::viewer
