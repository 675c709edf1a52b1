// Labels, shapes and points: Layers ▸ New …, the conversion of images to labels and back, and the
// tools, of which those of the selected layer are on offer. Adds its menus to Layers; edits labels.
// GUI thread only.
#pragma once

#include <QAction>
#include <QMenu>
#include <QObject>
#include <vector>

#include "ui/model/document.h"
#include "ui/model/label_editor.h"
#include "ui/viewer/canvas_interface.h"

namespace posteria::ui::shell {

class OverlayMenu : public QObject {
    Q_OBJECT
  public:
    // Inserted before that action; canvas, document and steps are not owned.
    OverlayMenu(viewer::Canvas* canvas, Document* document, QUndoStack* steps, QMenu* layers,
                QAction* before, QObject* parent);

    QAction* newPoints() const { return m_newPoints; }
    QAction* newShapes() const { return m_newShapes; }
    QAction* newLabels() const { return m_newLabels; }
    const std::vector<std::pair<ViewState::Tool, QAction*>>& tools() const { return m_tools; }
    bool isBusy() const { return m_editor.isBusy(); }

  Q_SIGNALS:
    void failed(const QString& message, const QString& hint);
    void busyChanged();

  private:
    void addMarks(Layer::Role role);
    void addLabels();
    void convert();
    void follow();
    void draw(const viewer::Stroke& stroke);

    viewer::Canvas* m_canvas;
    Document* m_document;
    LabelEditor m_editor;
    QAction *m_newPoints, *m_newShapes, *m_newLabels, *m_convert;
    std::vector<std::pair<ViewState::Tool, QAction*>> m_tools;
};

}  // namespace posteria::ui::shell
