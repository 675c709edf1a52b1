// Draws panes with VTK: one renderer a pane in the window of a VtkWidget. GUI thread only.
#pragma once

#include "ui/viewer/pane_scene.h"
#include "ui/viewer/pane_surface.h"
#include "ui/viewer/vtk_widget.h"

namespace posteria::ui::viewer {

class VtkSurface : public VtkWidget, public PaneSurface {
    Q_OBJECT
  public:
    VtkSurface(Host* host, QWidget* parent);
    ~VtkSurface() override { close(); }

    QWidget* widget() override { return this; }
    QString rendererName() const override { return VtkWidget::rendererName(); }
    void setLayout(const std::vector<QRect>& panes, const QSize& size) override;
    std::uint8_t* pixels(int pane) override { return m_scene.pixels(pane); }
    void pixelsChanged(int pane) override { m_scene.pixelsChanged(pane); }
    bool wantsBlueFirst() const override { return false; }
    QImage grabFrame() override { return grabOpaque(); }

    const PaneScene& scene() const { return m_scene; }

  protected:
    bool prepare() override { return m_host->updatePixels(); }
    bool isBlank() const override { return m_scene.paneCount() == 0; }  // VTK clears panes
    void paintOver(QPainter& painter) override { m_host->paintOver(painter); }

  private:
    Host* m_host;
    PaneScene m_scene;
};

}  // namespace posteria::ui::viewer
