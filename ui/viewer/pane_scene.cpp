#include "ui/viewer/pane_scene.h"

#include <vtkCamera.h>
#include <vtkImageData.h>
#include <vtkImageProperty.h>
#include <vtkImageSlice.h>
#include <vtkImageSliceMapper.h>
#include <vtkPointData.h>
#include <vtkRenderWindow.h>
#include <vtkRenderer.h>
#include <vtkUnsignedCharArray.h>

namespace posteria::ui::viewer {

struct PaneScene::Pane {
    vtkNew<vtkRenderer> renderer;
    vtkNew<vtkImageData> image;
    vtkNew<vtkImageSliceMapper> mapper;
    vtkNew<vtkImageSlice> slice;
};

PaneScene::PaneScene(vtkRenderWindow* window) : m_window(window) {
    m_camera->ParallelProjectionOn();
    m_camera->SetViewUp(0, -1, 0);
}

PaneScene::~PaneScene() {
    for (const auto& pane : m_panes)
        m_window->RemoveRenderer(pane->renderer);
}

void PaneScene::setLayout(const std::vector<QRect>& panes, const QSize& window) {
    while (m_panes.size() > panes.size()) {
        m_window->RemoveRenderer(m_panes.back()->renderer);
        m_panes.pop_back();
    }
    while (m_panes.size() < panes.size()) {
        auto pane = std::make_unique<Pane>();
        pane->mapper->SetInputData(pane->image);
        pane->mapper->BorderOn();  // the outermost pixels are shown whole
        pane->slice->SetMapper(pane->mapper);
        pane->slice->GetProperty()->SetInterpolationTypeToNearest();
        pane->slice->GetProperty()->SetColorWindow(255);
        pane->slice->GetProperty()->SetColorLevel(127.5);
        pane->renderer->AddViewProp(pane->slice);
        pane->renderer->SetActiveCamera(m_camera);
        pane->renderer->SetBackground(0, 0, 0);
        pane->renderer->InteractiveOff();
        m_window->AddRenderer(pane->renderer);
        m_panes.push_back(std::move(pane));
    }
    if (!panes.empty()) {
        // Looking along +z with y down, x to the right; one pixel is one unit.
        const double x = (panes.front().width() - 1) / 2.0, y = (panes.front().height() - 1) / 2.0;
        m_camera->SetFocalPoint(x, y, 0);
        m_camera->SetPosition(x, y, -1);
        m_camera->SetParallelScale(panes.front().height() / 2.0);
        m_camera->SetClippingRange(0.1, 10);
    }
    for (std::size_t i = 0; i < panes.size(); ++i) {
        const QRect& r = panes[i];
        const double w = window.width(), h = window.height();
        m_panes[i]->renderer->SetViewport(r.x() / w, (h - r.y() - r.height()) / h,
                                          (r.x() + r.width()) / w, (h - r.y()) / h);
        vtkImageData* image = m_panes[i]->image;
        const int* size = image->GetDimensions();
        if (size[0] == r.width() && size[1] == r.height()) continue;
        image->SetDimensions(r.width(), r.height(), 1);
        image->AllocateScalars(VTK_UNSIGNED_CHAR, 4);
    }
}

std::uint8_t* PaneScene::pixels(int pane) {
    auto* scalars = m_panes[static_cast<std::size_t>(pane)]->image->GetPointData()->GetScalars();
    return static_cast<std::uint8_t*>(scalars->GetVoidPointer(0));
}

void PaneScene::pixelsChanged(int pane) {
    auto& image = m_panes[static_cast<std::size_t>(pane)]->image;
    image->GetPointData()->GetScalars()->Modified();
    image->Modified();
}

vtkRenderer* PaneScene::renderer(int pane) const {
    return m_panes[static_cast<std::size_t>(pane)]->renderer;
}

}  // namespace posteria::ui::viewer
