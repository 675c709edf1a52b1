// Draws the line of a profile while the line tool is chosen: left drag draws a new one or moves the
// end it begins at; with Shift it keeps to steps of 45 degrees. Sees events before PaneMouse.
#pragma once

#include <QObject>
#include <QPointF>
#include <optional>

class QMouseEvent;

namespace posteria::ui::viewer {

class LinkedPanes;

// The end of a line from `from` towards `to` that is turned by a whole number of 45 degrees.
QPointF evenly(const QPointF& from, const QPointF& to);

class LineMouse : public QObject {
  public:
    // Becomes a child of the panes and filters their events.
    explicit LineMouse(LinkedPanes* panes);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    bool press(const QMouseEvent& event);
    void drag(const QMouseEvent& event);

    LinkedPanes* m_panes;
    std::optional<QPointF> m_fixed;  // the end that stays, while the other is dragged
    bool m_usesCross = false;
};

}  // namespace posteria::ui::viewer
