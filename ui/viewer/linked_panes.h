// One to six panes of layers in one widget, linked through their views (PaneViews): they pan, zoom,
// slice and point together as far as they are linked; what the mouse does is told in pane_mouse.h.
// GUI thread only; planes of files are read on other threads and appear when they arrive.
#pragma once

#include <QImage>
#include <QString>
#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

#include "ui/model/pane_views.h"
#include "ui/viewer/canvas_interface.h"
#include "ui/viewer/graphics.h"
#include "ui/viewer/overlay.h"
#include "ui/viewer/pane_surface.h"

namespace posteria::ui::viewer {

// Places of n panes in a window: 1, 1x2, 2x2, 2x3; all of one size, a hairline apart. y down.
std::vector<QRect> paneLayout(int n, const QSize& window, int gap);

class LinkedPanes : public QWidget, private PaneSurface::Host {
    Q_OBJECT
  public:
    explicit LinkedPanes(Renderer renderer = preferredRenderer(), QWidget* parent = nullptr);
    ~LinkedPanes() override;

    // Not owned.
    void setViewState(ViewState* state);
    PaneViews& views();
    ViewState* viewAt(int pane) const;  // the first one's where there is no such pane
    // The pane used last, which is marked while panes are not linked.
    int activePane() const;
    void setActivePane(int pane);
    void setPanes(const std::vector<PaneSpec>& panes);
    void setScaleBarVisible(bool visible);
    void setAxesVisible(bool visible);
    void setLensShape(const LensShape& shape);
    void setContours(const std::vector<ContourLines>& contours);
    void setEditedLayer(Layer* layer);
    Layer* editedLayer() const;
    // Of labels, as shown in that pane; none outside and where nothing has been read.
    std::optional<double> labelAt(const LabelsLayer& labels, int pane, const QPointF& at) const;
    void repaintOverlay();
    void setLabelsVisible(bool visible);  // see Canvas

    // Value of channel c of the topmost visible layer of a pane, as shown; none outside the image
    // and where nothing has been drawn yet.
    std::optional<double> value(int pane, const QPointF& position, int channel = 0) const;
    // "812 ± 35" and the like, one channel after the other, the pane's title not included.
    QString paneValueText(int pane) const;
    QString valueText() const;
    // See Canvas; zooms the pane under the mouse, or the active one.
    void zoom(double factor);
    void setInputPreset(InputPreset preset);
    void setCacheBytes(std::uint64_t bytes);
    // The topmost visible one there, at its side of a divider; labels and the like are no image.
    // Null: none.
    Layer* imageAt(const QPointF& widgetPosition) const;
    QImage grabFrame();
    bool isSettled() const;
    void cancelReading();  // see Canvas, as are these
    void setMagnification(double magnification);
    void paintFigure(QPainter& painter, bool labels);

    PaneSurface* surface() const;
    QRectF paneRect(int pane) const;                          // logical pixels of the widget
    int paneAt(const QPointF& widgetPosition) const;          // -1: on no pane
    QPointF toPosition(const QPointF& widgetPosition) const;  // µm; of the pane it lies in
    QPointF toPosition(const QPointF& widgetPosition, int pane) const;
    QPointF fromPosition(const QPointF& position, int pane) const;

    // Where panes that compare two layers are divided, 0…1 of their width.
    double swipe() const;
    void setSwipe(double fraction);
    std::optional<double> dividerAt(int pane) const;  // x, logical pixels; none: no comparison

    QSize minimumSizeHint() const override { return {160, 120}; }
    QSize sizeHint() const override { return {960, 720}; }

  Q_SIGNALS:
    void cursorMoved();
    void visiblePixelsChanged(const posteria::image::Rect& rect);  // of the first pane
    void activeViewChanged(posteria::ui::ViewState* view);
    void strokeDrawn(const posteria::ui::viewer::Stroke& stroke);
    void clicked(const QPointF& position);  // in a pane, not dragged; as ViewState's positions
    void settled();
    void readProgress(double fraction);  // see Canvas
    void failed(const QString& message);

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

  private:
    void followViews();
    void follow(Layer* layer);
    void renew(Layer* layer);  // composes the panes that show it again
    void scheduleRefresh();    // of everything
    void queueRefresh();       // of what is dirty
    void refresh();            // asks for what should be on the screen
    void useSurface(Renderer renderer);
    bool updatePixels() override;
    void paintOver(QPainter& painter) override;
    std::vector<PaintedMark> marksIn(int pane) const;
    std::vector<PaneOverlay> overlays(bool pointer) const;  // one a pane; what points, too
    std::vector<QRect> deviceLayout() const;

    struct Private;
    std::unique_ptr<Private> d;
};

}  // namespace posteria::ui::viewer
