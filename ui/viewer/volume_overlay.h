// What lies over a volume: points and the outlines of shapes, drawn in front of it, and the labels
// of the current slice as a sheet in their place. Nothing of it is hidden by the volume. Positions
// are the document's (ViewState), z in the same unit. GUI thread only; labels of files are read on
// other threads.
#pragma once

#include <QImage>
#include <QObject>
#include <QPointer>
#include <functional>
#include <vector>

#include "ui/model/marks.h"
#include "ui/viewer/mark_painter.h"
#include "ui/viewer/shown_slices.h"

namespace posteria::ui::viewer {

class VolumeOverlay : public QObject {
    Q_OBJECT
  public:
    // To logical pixels of the screen; of parallel projection.
    using Project = std::function<QPointF(double x, double y, double z)>;

    VolumeOverlay();

    void setLayers(const std::vector<QPointer<Layer>>& layers);
    const std::vector<QPointer<Layer>>& layers() const { return m_layers; }
    // Asks for the labels of the view's slice; null: nothing is shown.
    void update(const ViewState* state, double devicePixelRatio);
    bool isComplete() const { return m_slices.isComplete(); }

    void paintLabels(QPainter& painter, const Project& project);
    // Shapes that are shown in every slice are outlined in the first and the last one, their
    // corners joined; others and points where they were drawn.
    std::vector<PaintedMark> marks(const Project& project) const;

  Q_SIGNALS:
    void changed();  // to be painted anew
    void failed(const QString& message);

  private:
    void renew();
    QImage sheet() const;

    std::vector<QPointer<Layer>> m_layers;
    QPointer<const ViewState> m_state;
    ShownSlices m_slices;
    double m_ratio = 1;
    QImage m_sheet;  // of the image's bounds; null: to be made
};

}  // namespace posteria::ui::viewer
