#include "ui/viewer/vtk_surface.h"

#include <vtkCallbackCommand.h>
#include <vtkCommand.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkOpenGLFramebufferObject.h>
#include <vtkOpenGLState.h>

#include <QOpenGLContext>
#include <QOpenGLExtraFunctions>
#include <QOpenGLWidget>
#include <QSize>

namespace posteria::ui::viewer {

VtkSurface::VtkSurface(QOpenGLWidget* widget) : m_widget(widget) {
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
    m_window->RemoveObserver(m_events);
}

void VtkSurface::onEvent(vtkObject*, unsigned long event, void* self, void* data) {
    QOpenGLContext* context = static_cast<VtkSurface*>(self)->m_widget->context();
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

void VtkSurface::initialize() {
    if (m_ready) m_window->Finalize();  // reparented: the old context's objects are gone
    m_window->SetOwnContext(0);
    m_window->OpenGLInitContext();
    m_window->OpenGLInit();
    m_window->SetMapped(1);
    vtkOpenGLState* state = m_window->GetState();
    state->Reset();
    state->vtkglEnable(GL_DEPTH_TEST);
    state->vtkglDepthFunc(GL_LEQUAL);
    m_window->SetReadyForRendering(true);
    m_ready = true;
}

void VtkSurface::paint(const QSize& devicePixels, bool render) {
    const int width = devicePixels.width(), height = devicePixels.height();
    QOpenGLExtraFunctions* gl = m_widget->context()->extraFunctions();
    vtkOpenGLState* state = m_window->GetState();
    // Qt has used the context since: VTK must not trust what it remembers of it.
    state->Reset();
    state->Push();
    state->vtkglDepthFunc(GL_LEQUAL);
    if (render) {
        m_window->SetSize(width, height);
        m_window->Render();
        m_window->MakeCurrent();
    }
    const GLuint target = m_widget->defaultFramebufferObject();
    state->vtkglDisable(GL_SCISSOR_TEST);
    state->vtkglViewport(0, 0, width, height);
    state->vtkglColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
    if (vtkOpenGLFramebufferObject* picture = m_window->GetDisplayFramebuffer()) {
        state->PushFramebufferBindings();
        picture->Bind(GL_READ_FRAMEBUFFER);
        picture->ActivateReadBuffer(0);
        state->vtkglBindFramebuffer(GL_DRAW_FRAMEBUFFER, target);
        const GLenum buffer = GL_COLOR_ATTACHMENT0;
        gl->glDrawBuffers(1, &buffer);
        state->vtkglBlitFramebuffer(0, 0, width, height, 0, 0, width, height, GL_COLOR_BUFFER_BIT,
                                    GL_NEAREST);
        // An alpha below one would let QWidget::grab show what lies behind the window.
        state->vtkglColorMask(GL_FALSE, GL_FALSE, GL_FALSE, GL_TRUE);
        state->vtkglClearColor(0, 0, 0, 1);
        gl->glClear(GL_COLOR_BUFFER_BIT);
        state->vtkglColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
        state->PopFramebufferBindings();
    }
    state->Pop();
    gl->glBindFramebuffer(GL_FRAMEBUFFER, target);
}

void VtkSurface::release() {
    if (!m_ready) return;
    m_window->SetReadyForRendering(false);
    m_window->Finalize();
    m_ready = false;
}

}  // namespace posteria::ui::viewer
