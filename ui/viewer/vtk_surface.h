// Lets a vtkGenericOpenGLRenderWindow draw inside a QOpenGLWidget: Qt owns the context and the
// framebuffer, VTK draws into its own and is copied over. The widget calls initialize from
// initializeGL, paint from paintGL and release from its destructor, before its members go.
#pragma once

#include <vtkNew.h>
#include <vtkSmartPointer.h>

class QOpenGLContext;
class QOpenGLWidget;
class QSize;
class vtkCallbackCommand;
class vtkGenericOpenGLRenderWindow;
class vtkObject;

namespace posteria::ui::viewer {

class VtkSurface {
  public:
    explicit VtkSurface(QOpenGLWidget* widget);
    ~VtkSurface();
    VtkSurface(const VtkSurface&) = delete;
    VtkSurface& operator=(const VtkSurface&) = delete;

    vtkGenericOpenGLRenderWindow* window() const { return m_window; }

    // The widget's context is current in these. initialize may come again, with another context.
    void initialize();
    // Renders when `render` is set, then copies the picture into the widget's framebuffer, opaque.
    void paint(const QSize& devicePixels, bool render);
    void release();

    bool isReady() const { return m_ready; }

  private:
    static void onEvent(vtkObject* caller, unsigned long event, void* self, void* data);

    QOpenGLWidget* m_widget;
    vtkNew<vtkGenericOpenGLRenderWindow> m_window;
    vtkNew<vtkCallbackCommand> m_events;
    bool m_ready = false;
};

}  // namespace posteria::ui::viewer
