// Draws and changes marks of the layer being edited, with the tools Select, Rectangle, Ellipse,
// Segment, Polygon and Point. Drag from corner to corner (Shift: square, circle, steps of 45°); a
// polygon gets a corner a click and is closed by a double click, Return or its first corner;
// Backspace takes its last corner back, Escape all. Select moves what is dragged, or one of its
// corners; Delete removes the selected mark. GUI thread only.
#pragma once

#include <QMouseEvent>
#include <QObject>
#include <QPointer>
#include <optional>

#include "ui/model/marks.h"
#include "ui/model/view_state.h"

namespace posteria::ui::viewer {

class LinkedPanes;

class MarkMouse : public QObject {
    Q_OBJECT
  public:
    explicit MarkMouse(LinkedPanes* panes);

    bool eventFilter(QObject* watched, QEvent* event) override;
    // The polygon that is not closed yet, or the shape being drawn, in the document's units.
    const std::optional<Mark>& open() const { return m_open; }

  private:
    bool press(const QMouseEvent& event);
    void drag(const QMouseEvent& event);
    bool release();
    bool key(int key);
    bool pressWithSelect(const QPointF& widget);
    void close();  // what is open becomes a mark
    void drop();   // what is open is forgotten
    void removeSelected();
    double pixels(const QPointF& a, const QPointF& b) const;  // on the screen

    LinkedPanes* m_panes;
    QPointer<MarkLayer> m_layer;  // during an event
    ViewState::Tool m_tool = ViewState::Tool::Pan;
    std::optional<Mark> m_open;
    int m_pane = 0, m_corner = -1;  // where a drag began; the corner dragged, -1: the whole mark
    std::optional<QPointF> m_last;  // of a drag of the selected mark
};

}  // namespace posteria::ui::viewer
