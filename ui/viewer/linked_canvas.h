// The canvas that draws: linked panes, orthogonal views or a volume behind one interface. Only the
// layout on the screen follows the view state, so that nothing is read for the others. Include this
// one header in the window; VTK stays behind it.
#pragma once

#include <QStackedLayout>

#include "ui/viewer/canvas_interface.h"

namespace posteria::ui::viewer {

class LinkedPanes;
class OrthoView;
class VolumeView;

class LinkedCanvas : public Canvas {
    Q_OBJECT
  public:
    explicit LinkedCanvas(QWidget* parent = nullptr);

    void setViewState(ViewState* state) override;
    void setPanes(const std::vector<PaneSpec>& panes) override;
    void setScaleBarVisible(bool visible) override;
    void setAxesVisible(bool visible) override;
    void setLabelsVisible(bool visible) override;
    void setLensShape(const LensShape& shape) override;
    void setContours(const std::vector<ContourLines>& contours) override;
    void setLayoutMode(CanvasLayout layout) override;
    CanvasLayout layoutMode() const override { return m_layout; }
    void setShownLayer(Layer* layer, const std::vector<Layer*>& over) override;
    void setEditedLayer(Layer* layer) override;
    void resetView() override;
    void setLinks(PaneViews::Links links) override;
    void turn(double degrees) override;
    int axisTowardsViewer() const override;
    void zoom(double factor) override;
    void setInputPreset(InputPreset preset) override;
    void setCacheBytes(std::uint64_t bytes) override;
    QString valueText() const override;
    QImage grabFrame() override;
    void setMagnification(double magnification) override;
    void paintFigure(QPainter& painter, bool labels) override;
    void cancelReading() override;
    bool isSettled() const override;
    QString rendererName() const override;

    LinkedPanes* panes() const { return m_panes; }

    OrthoView* ortho() const { return m_ortho; }     // null until it has been shown
    VolumeView* volume() const { return m_volume; }  // likewise

  private:
    void showLayout();
    void shareCache();

    QPointer<ViewState> m_state;
    QPointer<Layer> m_layer;
    std::vector<QPointer<Layer>> m_over;
    CanvasLayout m_layout = CanvasLayout::Grid;
    bool m_scaleBar = true, m_axes = false, m_labels = true;
    InputPreset m_preset = InputPreset::Napari;
    std::optional<std::uint64_t> m_cacheBytes;  // none: as the views have it
    QStackedLayout* m_stack;
    LinkedPanes* m_panes;
    OrthoView* m_ortho = nullptr;
    VolumeView* m_volume = nullptr;
};

}  // namespace posteria::ui::viewer
