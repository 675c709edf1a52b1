// View ▸ Lens and View ▸ Confidence Contours: the loupe over the mean and the outlines of what is
// above the thresholds, brought to the canvas. GUI thread only.
#pragma once

#include <QAction>
#include <QMenu>
#include <QObject>

#include "ui/model/confidence_contours.h"
#include "ui/model/doubt_lens.h"
#include "ui/viewer/canvas_interface.h"

namespace posteria::ui::shell {

class DoubtMenu : public QObject {
    Q_OBJECT
  public:
    // Its entries come into `view` before `before`.
    DoubtMenu(viewer::Canvas* canvas, Document* document, QMenu* view, QAction* before,
              QObject* parent);

    DoubtLens* lens() { return &m_lens; }
    ConfidenceContours* contours() { return &m_contours; }

  private:
    void refresh();
    void resize(double factor);

    viewer::Canvas* m_canvas;
    DoubtLens m_lens;
    ConfidenceContours m_contours;
    viewer::LensShape m_shape;
    std::vector<QAction*> m_modes;  // as DoubtLens::Mode
    QAction *m_round, *m_contoursAction;
};

}  // namespace posteria::ui::shell
