#include "ui/viewer/vtk_widget.h"

#include <vtkCallbackCommand.h>
#include <vtkCommand.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkOpenGLFramebufferObject.h>
#include <vtkOpenGLState.h>

#include <QElapsedTimer>
#include <QOpenGLContext>
#include <QOpenGLExtraFunctions>
#include <QOpenGLPaintDevice>
#include <QPainter>

namespace posteria::ui::viewer {

VtkWidget::VtkWidget(QWidget* parent) : QOpenGLWidget(parent) {
    setUpdateBehavior(QOpenGLWidget::NoPartialUpdate);
    m_window->SetReadyForRendering(false);
    m_window->SetFrameBlitModeToNoBlit();
    m_window->SetUseOffScreenBuffers(false);
    m_window->SetOwnContext(0);
    m_window->SetMultiSamples(0);
    m_events->SetClientData(this);
    m_events->SetCallback(&VtkWidget::onEvent);
    for (const auto event :
         {vtkCommand::WindowMakeCurrentEvent, vtkCommand::WindowIsCurrentEvent,
          vtkCommand::WindowSupportsOpenGLEvent, vtkCommand::WindowIsDirectEvent}) {
        m_window->AddObserver(event, m_events);
    }
}

VtkWidget::~VtkWidget() {
    close();
    m_window->RemoveObserver(m_events);
}

void VtkWidget::close() {
    // aboutToBeDestroyed would come from ~QOpenGLWidget, when our members are gone.
    if (!context()) return;
    disconnect(context(), nullptr, this, nullptr);
    release();
}

void VtkWidget::onEvent(vtkObject*, unsigned long event, void* self, void* data) {
    QOpenGLContext* context = static_cast<VtkWidget*>(self)->context();
    switch (event) {
        case vtkCommand::WindowMakeCurrentEvent:
            // Not the widget's makeCurrent: that binds Qt's framebuffer behind VTK's back.
            if (context && QOpenGLContext::currentContext() != context && context->surface()) {
                context->makeCurrent(context->surface());
            }
            break;
        case vtkCommand::WindowIsCurrentEvent:
            *static_cast<bool*>(data) = context && QOpenGLContext::currentContext() == context;
            break;
        case vtkCommand::WindowSupportsOpenGLEvent:
        case vtkCommand::WindowIsDirectEvent:
            *static_cast<int*>(data) = 1;
            break;
    }
}

// Comes again, with another context, when the widget has moved to another window.
void VtkWidget::initializeGL() {
    connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, &VtkWidget::release);
    m_window->SetOwnContext(0);
    m_window->OpenGLInitContext();
    m_window->OpenGLInit();
    m_window->SetMapped(1);
    vtkOpenGLState* state = m_window->GetState();
    state->Reset();
    state->vtkglEnable(GL_DEPTH_TEST);
    state->vtkglDepthFunc(GL_LEQUAL);
    m_window->SetReadyForRendering(true);
    const auto* name = context()->functions()->glGetString(GL_RENDERER);
    if (name) m_renderer = QString::fromLatin1(reinterpret_cast<const char*>(name));
    m_ready = true;
    m_fresh = true;
}

void VtkWidget::release() {
    if (!m_ready) return;
    makeCurrent();
    m_window->SetReadyForRendering(false);
    m_window->Finalize();
    m_ready = false;
    doneCurrent();
}

void VtkWidget::paintGL() {
    if (!m_ready) return;
    const bool render = prepare() || m_fresh;
    m_fresh = false;
    vtkOpenGLState* state = m_window->GetState();
    // Qt has used the context since: VTK must not trust what it remembers of it.
    state->Reset();
    state->Push();
    state->vtkglDepthFunc(GL_LEQUAL);
    if (render) {
        QElapsedTimer clock;
        clock.start();
        m_window->Render();
        m_window->MakeCurrent();
        if (wantsTime()) {
            context()->functions()->glFinish();
            rendered(double(clock.nsecsElapsed()) / 1e6);
        }
    }
    copyToWidget();
    state->Pop();
    QOpenGLFunctions* gl = context()->functions();
    gl->glBindFramebuffer(GL_FRAMEBUFFER, defaultFramebufferObject());
    if (isBlank()) {
        gl->glClearColor(0, 0, 0, 1);
        gl->glClear(GL_COLOR_BUFFER_BIT);
    }

    // Not on the widget itself: while a whole window is grabbed, that paints on the window's
    // picture, which this one then covers.
    const double ratio = devicePixelRatioF();
    QOpenGLPaintDevice device((QSizeF(size()) * ratio).toSize());
    device.setDevicePixelRatio(ratio);
    QPainter painter(&device);
    paintOver(painter);
}

void VtkWidget::copyToWidget() {
    vtkOpenGLFramebufferObject* picture = m_window->GetDisplayFramebuffer();
    if (!picture) return;
    QOpenGLExtraFunctions* gl = context()->extraFunctions();
    vtkOpenGLState* state = m_window->GetState();
    const int* size = m_window->GetSize();
    state->vtkglDisable(GL_SCISSOR_TEST);
    state->vtkglViewport(0, 0, size[0], size[1]);
    state->vtkglColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
    state->PushFramebufferBindings();
    picture->Bind(GL_READ_FRAMEBUFFER);
    picture->ActivateReadBuffer(0);
    state->vtkglBindFramebuffer(GL_DRAW_FRAMEBUFFER, defaultFramebufferObject());
    const GLenum buffer = GL_COLOR_ATTACHMENT0;
    gl->glDrawBuffers(1, &buffer);
    state->vtkglBlitFramebuffer(0, 0, size[0], size[1], 0, 0, size[0], size[1], GL_COLOR_BUFFER_BIT,
                                GL_NEAREST);
    // An alpha below one would let QWidget::grab show what lies behind the window.
    state->vtkglColorMask(GL_FALSE, GL_FALSE, GL_FALSE, GL_TRUE);
    state->vtkglClearColor(0, 0, 0, 1);
    gl->glClear(GL_COLOR_BUFFER_BIT);
    state->vtkglColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
    state->PopFramebufferBindings();
}

QImage VtkWidget::grabOpaque() {
    return grabFramebuffer().convertToFormat(QImage::Format_RGB32);
}

}  // namespace posteria::ui::viewer
