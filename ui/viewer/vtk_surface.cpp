#include "ui/viewer/vtk_surface.h"

#include <vtkCallbackCommand.h>
#include <vtkCommand.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkOpenGLFramebufferObject.h>
#include <vtkOpenGLState.h>

#include <QOpenGLContext>
#include <QOpenGLExtraFunctions>
#include <QPainter>

namespace posteria::ui::viewer {

VtkSurface::VtkSurface(Host* host, QWidget* parent)
    : QOpenGLWidget(parent), m_host(host), m_scene(m_window) {
    setUpdateBehavior(QOpenGLWidget::NoPartialUpdate);
    m_window->SetReadyForRendering(false);
    m_window->SetFrameBlitModeToNoBlit();
    m_window->SetUseOffScreenBuffers(false);
    m_window->SetOwnContext(0);
    m_window->SetMultiSamples(0);
    m_events->SetClientData(this);
    m_events->SetCallback(&VtkSurface::onEvent);
    for (const auto event :
         {vtkCommand::WindowMakeCurrentEvent, vtkCommand::WindowIsCurrentEvent,
          vtkCommand::WindowSupportsOpenGLEvent, vtkCommand::WindowIsDirectEvent}) {
        m_window->AddObserver(event, m_events);
    }
}

VtkSurface::~VtkSurface() {
    // aboutToBeDestroyed would come from ~QOpenGLWidget, when our members are gone.
    if (context()) {
        disconnect(context(), nullptr, this, nullptr);
        release();
    }
    m_window->RemoveObserver(m_events);
}

void VtkSurface::onEvent(vtkObject*, unsigned long event, void* self, void* data) {
    QOpenGLContext* context = static_cast<VtkSurface*>(self)->context();
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
void VtkSurface::initializeGL() {
    connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, &VtkSurface::release);
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

void VtkSurface::release() {
    if (!m_ready) return;
    makeCurrent();
    m_window->SetReadyForRendering(false);
    m_window->Finalize();
    m_ready = false;
    doneCurrent();
}

void VtkSurface::setLayout(const std::vector<QRect>& panes, const QSize& size) {
    m_scene.setLayout(panes, size);
    m_window->SetSize(size.width(), size.height());
}

void VtkSurface::paintGL() {
    if (!m_ready) return;
    const bool render = m_host->updatePixels() || m_fresh;
    m_fresh = false;
    vtkOpenGLState* state = m_window->GetState();
    // Qt has used the context since: VTK must not trust what it remembers of it.
    state->Reset();
    state->Push();
    state->vtkglDepthFunc(GL_LEQUAL);
    if (render) {
        m_window->Render();
        m_window->MakeCurrent();
    }
    copyToWidget();
    state->Pop();
    QOpenGLFunctions* gl = context()->functions();
    gl->glBindFramebuffer(GL_FRAMEBUFFER, defaultFramebufferObject());
    if (m_scene.paneCount() == 0) {  // VTK clears panes, not windows
        gl->glClearColor(0, 0, 0, 1);
        gl->glClear(GL_COLOR_BUFFER_BIT);
    }

    QPainter painter(this);
    m_host->paintOver(painter);
}

void VtkSurface::copyToWidget() {
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

QImage VtkSurface::grabFrame() {
    return grabFramebuffer().convertToFormat(QImage::Format_RGB32);
}

}  // namespace posteria::ui::viewer
