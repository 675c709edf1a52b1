// Draws panes with Qt's raster engine: no OpenGL, so it works on any display and is by far the
// fastest way where OpenGL is emulated (remote desktops, virtual machines).
#pragma once

#include <QWidget>

#include "ui/viewer/pane_surface.h"

namespace posteria::ui::viewer {

class RasterSurface : public QWidget, public PaneSurface {
    Q_OBJECT
  public:
    RasterSurface(Host* host, QWidget* parent);

    QWidget* widget() override { return this; }
    QString rendererName() const override { return QStringLiteral("raster"); }
    void setLayout(const std::vector<QRect>& panes, const QSize& size) override;
    std::uint8_t* pixels(int pane) override;
    void pixelsChanged(int) override {}
    bool wantsBlueFirst() const override { return true; }
    QImage grabFrame() override;

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    Host* m_host;
    std::vector<QRect> m_layout;
    std::vector<QImage> m_images;
};

}  // namespace posteria::ui::viewer
