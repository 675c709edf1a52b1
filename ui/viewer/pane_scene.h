// The panes as VTK sees them: one renderer a pane in one window, one textured quad a pane that
// carries the pane's device pixels one to one, one parallel-projection camera that looks straight
// at it for all of them (y down).
// GUI thread, context current when rendering.
#pragma once

#include <vtkNew.h>
#include <vtkSmartPointer.h>

#include <QRect>
#include <QSize>
#include <cstdint>
#include <memory>
#include <vector>

class vtkCamera;
class vtkRenderer;
class vtkRenderWindow;

namespace posteria::ui::viewer {

class PaneScene {
  public:
    explicit PaneScene(vtkRenderWindow* window);
    ~PaneScene();

    // The panes' places in device pixels of a window of that size, y down; all of one size.
    void setLayout(const std::vector<QRect>& panes, const QSize& window);

    int paneCount() const { return static_cast<int>(m_panes.size()); }
    // The pane's RGBA pixels, row by row from the top; written between frames, then pixelsChanged.
    std::uint8_t* pixels(int pane);
    void pixelsChanged(int pane);

    vtkRenderer* renderer(int pane) const;

  private:
    struct Pane;

    vtkSmartPointer<vtkRenderWindow> m_window;
    vtkNew<vtkCamera> m_camera;
    std::vector<std::unique_ptr<Pane>> m_panes;
};

}  // namespace posteria::ui::viewer
