#include "ui/viewer/vtk_surface.h"

#include <vtkGenericOpenGLRenderWindow.h>

namespace posteria::ui::viewer {

VtkSurface::VtkSurface(Host* host, QWidget* parent)
    : VtkWidget(parent), m_host(host), m_scene(renderWindow()) {}

void VtkSurface::setLayout(const std::vector<QRect>& panes, const QSize& size) {
    m_scene.setLayout(panes, size);
    renderWindow()->SetSize(size.width(), size.height());
}

}  // namespace posteria::ui::viewer
