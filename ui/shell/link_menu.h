// View ▸ Link: what panes have in common, each with a toggle of its own: camera, slice, cursor and
// contrast. Ctrl+L links everything, or nothing when everything is. Adds its menu to View. GUI
// thread only.
#pragma once

#include <QAction>
#include <QMenu>
#include <QObject>
#include <vector>

#include "ui/model/document.h"
#include "ui/viewer/canvas_interface.h"

namespace posteria::ui::shell {

class LinkMenu : public QObject {
    Q_OBJECT
  public:
    // Inserted before that action; canvas and document are not owned.
    LinkMenu(viewer::Canvas* canvas, Document* document, QMenu* view, QAction* before,
             QObject* parent);

    QMenu* menu() const { return m_menu; }

  private:
    void apply();

    viewer::Canvas* m_canvas;
    Document* m_document;
    QMenu* m_menu;
    QAction *m_camera, *m_slice, *m_cursor, *m_contrast;
};

}  // namespace posteria::ui::shell
