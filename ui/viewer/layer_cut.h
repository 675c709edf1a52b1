// The side views of one layer in orthogonal views: XZ at the crosshair's row and YZ at its column,
// read off the GUI thread, and what they cut of marks. GUI thread only.
#pragma once

#include <QObject>
#include <QPointer>
#include <optional>
#include <vector>

#include "ui/model/marks.h"
#include "ui/model/reslicer.h"
#include "ui/model/view_state.h"
#include "ui/viewer/compositor.h"
#include "ui/viewer/mark_painter.h"

namespace posteria::ui::viewer {

class LayerCut : public QObject {
    Q_OBJECT
  public:
    // XZ or YZ. The first coordinate of a place in a side view is x or z, the second z or y.
    enum Side { YZ, XZ };

    LayerCut();

    void setLayer(Layer* layer);
    Layer* layer() const { return m_layer; }
    // Asks for what the crosshair cuts; nothing of images of one slice and beside the image.
    void request(const ViewState& state);
    void clear();  // frees what has been read

    bool isComplete() const;
    bool isOutside() const { return !m_wanted.stack; }
    const QString& failure() const { return m_failure; }
    QString progress() const;  // "Reading plane 3 of 12…"; empty when there is nothing to wait for

    // Ready to be composed for a pane whose first device pixel's centre is at `first`.
    ComposedLayer composed(Side side, const ViewState& state, const QPointF& first,
                           double devicePixel) const;
    // None outside, and where nothing has been read.
    std::optional<double> value(Side side, const ViewState& state, const QPointF& at,
                                int channel) const;

  Q_SIGNALS:
    void changed();
    void failed(const QString& message);

  private:
    const image::Plane* plane(Side side, int channel) const;
    Sampling sampling(Side side, const ViewState& state, const QPointF& first,
                      double devicePixel) const;

    QPointer<Layer> m_layer;
    Reslicer m_reslicer;
    SideViews m_sides;
    SideRequest m_wanted;
    QString m_failure;
};

// What a side view cuts of a layer's marks, brought to the screen: a shape becomes a line in its
// slice, or, shown in every slice, a strip through all of them; a point is seen while its dot
// reaches the plane.
std::vector<PaintedMark> marksCut(const MarkLayer& layer, LayerCut::Side side,
                                  const ViewState& state,
                                  const std::function<QPointF(const QPointF&)>& toScreen);

}  // namespace posteria::ui::viewer
