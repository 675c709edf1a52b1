// View ▸ Layout: linked panes, orthogonal views or the volume. Adds its menu to View and keeps its
// check marks and the canvas in step. GUI thread only.
#pragma once

#include <QAction>
#include <QMenu>
#include <QObject>

#include "ui/viewer/canvas_interface.h"

namespace posteria::ui::shell {

class LayoutMenu : public QObject {
    Q_OBJECT
  public:
    // Inserted before that action of the menu; the canvas is not owned.
    LayoutMenu(viewer::Canvas* canvas, QMenu* view, QAction* before, QObject* parent);

    void show(viewer::CanvasLayout layout);
    viewer::CanvasLayout layout() const { return m_canvas->layoutMode(); }
    QAction* volume() const { return m_volume; }
    QMenu* menu() const { return m_menu; }

  Q_SIGNALS:
    void layoutChanged();
    void planeChosen(int axis);  // of the volume, the one across x, y or z: 0, 1, 2

  private:
    void addPlanes();

    viewer::Canvas* m_canvas;
    QMenu* m_menu;
    QAction *m_grid, *m_ortho, *m_volume;
    QMenu* m_planes;
    viewer::CanvasLayout m_flat = viewer::CanvasLayout::Grid;  // where Ctrl+Y leads back to
};

}  // namespace posteria::ui::shell
