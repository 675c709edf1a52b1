// A vtkGenericOpenGLRenderWindow inside a QOpenGLWidget. Qt owns the context and the framebuffer;
// VTK draws into its own, which is copied over before prepared words and lines are painted on top.
// GUI thread only.
#pragma once

#include <vtkNew.h>

#include <QOpenGLWidget>
#include <QString>

class QPainter;
class vtkCallbackCommand;
class vtkGenericOpenGLRenderWindow;
class vtkObject;

namespace posteria::ui::viewer {

class VtkWidget : public QOpenGLWidget {
    Q_OBJECT
  public:
    explicit VtkWidget(QWidget* parent);
    ~VtkWidget() override;

    QString rendererName() const { return m_renderer; }
    QImage grabOpaque();  // device pixels

  protected:
    // Brings the scene up to date, context current; false when the last picture still holds.
    virtual bool prepare() = 0;
    virtual bool isBlank() const { return false; }  // nothing is drawn: VTK would clear nothing
    virtual void paintOver(QPainter& painter) = 0;
    virtual bool wantsTime() const { return false; }  // that a picture takes
    virtual void rendered(double milliseconds) { Q_UNUSED(milliseconds) }
    // To be called by the destructor of a class whose members VTK draws.
    void close();

    void initializeGL() override;
    void paintGL() override;
    vtkGenericOpenGLRenderWindow* renderWindow() const { return m_window; }

  private:
    static void onEvent(vtkObject* caller, unsigned long event, void* self, void* data);
    void release();
    void copyToWidget();

    vtkNew<vtkGenericOpenGLRenderWindow> m_window;
    vtkNew<vtkCallbackCommand> m_events;
    QString m_renderer = QStringLiteral("OpenGL");
    bool m_ready = false, m_fresh = false;
};

}  // namespace posteria::ui::viewer
