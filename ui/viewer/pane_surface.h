// Where panes are drawn. The host fills each pane's device pixels and paints the overlay; a surface
// only brings both to the screen: RasterSurface with Qt's own painting, VtkSurface with VTK and
// OpenGL. GUI thread only.
#pragma once

#include <QImage>
#include <QPointF>
#include <QRect>
#include <QSize>
#include <QString>
#include <cstdint>
#include <vector>

class QPainter;
class QWidget;

namespace posteria::ui::viewer {

class PaneSurface {
  public:
    // Called by the surface when it paints.
    class Host {
      public:
        // Brings layout and pixels up to date; false when nothing has changed since.
        virtual bool updatePixels() = 0;
        virtual void paintOver(QPainter& painter) = 0;

      protected:
        ~Host() = default;
    };

    virtual ~PaneSurface() = default;

    virtual QWidget* widget() = 0;
    // "raster", or the OpenGL implementation's name once it is known.
    virtual QString rendererName() const = 0;

    // The panes' places in device pixels of a surface of that size, y down; all of one size.
    virtual void setLayout(const std::vector<QRect>& panes, const QSize& size) = 0;
    // The pane's pixels, four bytes each, row by row from the top; then pixelsChanged.
    virtual std::uint8_t* pixels(int pane) = 0;
    virtual void pixelsChanged(int pane) = 0;
    virtual bool wantsBlueFirst() const = 0;  // B G R A instead of R G B A

    virtual QImage grabFrame() = 0;  // device pixels, opaque
};

}  // namespace posteria::ui::viewer
