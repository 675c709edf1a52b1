// Orthogonal views of one layer: XY with YZ at its right and XZ below, one crosshair through all
// three, one scale, distances true to the voxel size. Labels, shapes and points lie over it: in XY
// as in linked panes, in the side views where their planes cut them. The camera and the crosshair
// are those of the view state, so that other layouts show the same place; the mouse is told in
// ortho_mouse.h. Positions are in the document's units, z growing to the right in YZ and down in
// XZ. GUI thread only; side views are read on another thread.
#pragma once

#include <QImage>
#include <QPointer>
#include <QString>
#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

#include "ui/model/input_preset.h"
#include "ui/model/layer.h"
#include "ui/model/view_state.h"
#include "ui/viewer/mark_painter.h"
#include "ui/viewer/pane_surface.h"

namespace posteria::ui::viewer {

class LayerCut;

struct Position3 {
    double x = 0, y = 0, z = 0;
};

// Places of XY, YZ and XZ in a window, for an image of that size; each a hairline apart.
std::vector<QRect> orthoLayout(const QSizeF& image, double depth, const QSize& window, int gap);

class OrthoView : public QWidget, private PaneSurface::Host {
    Q_OBJECT
  public:
    enum Side { XY, YZ, XZ };

    explicit OrthoView(QWidget* parent = nullptr);
    ~OrthoView() override;

    // Not owned; null when the view is not shown, so that nothing is read for it.
    void setViewState(ViewState* state);
    ViewState* viewState() const;
    // over: labels, shapes and points, the last in front.
    void setLayer(Layer* layer, const std::vector<QPointer<Layer>>& over = {});
    Layer* layer() const;
    void setScaleBarVisible(bool visible);
    void setAxesVisible(bool visible);
    void setLabelsVisible(bool visible);  // see Canvas
    void resetView();
    // See Canvas.
    void zoom(double factor);
    void setInputPreset(InputPreset preset);
    void setCacheBytes(std::uint64_t bytes);

    QString valueText() const;
    // Of channel c as shown in one of the views; none outside and where nothing has been read.
    std::optional<double> value(Side side, const Position3& at, int channel = 0) const;
    QImage grabFrame();
    bool isSettled() const;

    QRectF paneRect(Side side) const;                         // logical pixels
    std::optional<Side> sideAt(const QPointF& widget) const;  // none: on no view
    Position3 toPosition(Side side, const QPointF& w) const;  // the third from the crosshair
    QPointF fromPosition(Side side, const Position3& at) const;
    Position3 crosshair() const;
    void setCrosshair(const Position3& at);
    void setCursor(std::optional<Side> side, const QPointF& widget);
    void pan(Side side, const QPointF& logicalPixels);
    void zoomAt(Side side, const QPointF& widget, double factor);
    void step(Side side, int n);  // through the slices that the view is a slice of

    QSize minimumSizeHint() const override { return {160, 120}; }

  Q_SIGNALS:
    void cursorMoved();
    void settled();
    void failed(const QString& message);

  protected:
    void resizeEvent(QResizeEvent* event) override;

  private:
    void schedule();
    void refresh();
    void follow(LayerCut& cut);
    void followLayer(Layer& layer);
    std::vector<PaintedMark> marksIn(Side side) const;
    bool updatePixels() override;
    void paintOver(QPainter& painter) override;
    std::vector<QRect> deviceLayout() const;
    QPointF center(Side side) const;

    struct Private;
    std::unique_ptr<Private> d;
};

}  // namespace posteria::ui::viewer
