// Paints, erases, fills and picks labels of the layer being edited. What has been drawn is shown at
// once and sent out when the button is released; the labels themselves change a moment later. [ and
// ] make the brush smaller and larger. GUI thread only.
#pragma once

#include <QMouseEvent>
#include <QObject>
#include <QPointer>
#include <optional>
#include <vector>

#include "ui/model/labels_layer.h"
#include "ui/viewer/mark_painter.h"

namespace posteria::ui::viewer {

class LinkedPanes;

class BrushMouse : public QObject {
    Q_OBJECT
  public:
    explicit BrushMouse(LinkedPanes* panes);

    bool eventFilter(QObject* watched, QEvent* event) override;
    // What is to be drawn over that pane; none without a brush.
    std::optional<PaintedStroke> painted(int pane) const;

  private:
    LabelsLayer* layer() const;
    QPointF toPixel(const QPointF& position) const;  // of the layer
    bool press(const QMouseEvent& event);
    void finish();

    LinkedPanes* m_panes;
    std::vector<QPointF> m_path;  // the document's units
    int m_pane = 0;
};

}  // namespace posteria::ui::viewer
