// Drags the divider of panes that compare two layers. Sees events before PaneMouse, and takes those
// that begin on the divider.
#pragma once

#include <QObject>

namespace posteria::ui::viewer {

class LinkedPanes;

class SwipeMouse : public QObject {
  public:
    // Becomes a child of the panes and filters their events.
    explicit SwipeMouse(LinkedPanes* panes);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    LinkedPanes* m_panes;
    bool m_dragging = false, m_hovered = false;
};

}  // namespace posteria::ui::viewer
