// Draws panes with VTK: a vtkGenericOpenGLRenderWindow inside a QOpenGLWidget. Qt owns the context
// and the framebuffer; VTK draws into its own, which is copied over before the overlay is painted.
#pragma once

#include <vtkNew.h>

#include <QOpenGLWidget>

#include "ui/viewer/pane_scene.h"
#include "ui/viewer/pane_surface.h"

class vtkCallbackCommand;
class vtkGenericOpenGLRenderWindow;
class vtkObject;

namespace posteria::ui::viewer {

class VtkSurface : public QOpenGLWidget, public PaneSurface {
    Q_OBJECT
  public:
    VtkSurface(Host* host, QWidget* parent);
    ~VtkSurface() override;

    QWidget* widget() override { return this; }
    QString rendererName() const override { return m_renderer; }
    void setLayout(const std::vector<QRect>& panes, const QSize& size) override;
    void setView(const QPointF& center, double scale) override { m_scene.setView(center, scale); }
    std::uint8_t* pixels(int pane) override { return m_scene.pixels(pane); }
    void pixelsChanged(int pane) override { m_scene.pixelsChanged(pane); }
    bool wantsBlueFirst() const override { return false; }
    QImage grabFrame() override;

    const PaneScene& scene() const { return m_scene; }

  protected:
    void initializeGL() override;
    void paintGL() override;

  private:
    static void onEvent(vtkObject* caller, unsigned long event, void* self, void* data);
    void release();
    void copyToWidget();

    Host* m_host;
    vtkNew<vtkGenericOpenGLRenderWindow> m_window;
    vtkNew<vtkCallbackCommand> m_events;
    PaneScene m_scene;
    QString m_renderer = QStringLiteral("OpenGL");
    bool m_ready = false, m_fresh = false;
};

}  // namespace posteria::ui::viewer
