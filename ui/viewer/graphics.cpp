#include "ui/viewer/graphics.h"

#include <vtkVersionMacros.h>

#include <QByteArray>
#include <QDir>
#include <QFileInfo>
#include <QGuiApplication>
#include <QSurfaceFormat>
#include <QtGlobal>

namespace posteria::ui::viewer {

void prepareGraphics() {
    QSurfaceFormat format;
    format.setRenderableType(QSurfaceFormat::OpenGL);
    format.setVersion(3, 2);
    format.setProfile(QSurfaceFormat::CoreProfile);
    format.setSwapBehavior(QSurfaceFormat::DoubleBuffer);
    format.setRedBufferSize(8);
    format.setGreenBufferSize(8);
    format.setBlueBufferSize(8);
    format.setAlphaBufferSize(8);
    format.setDepthBufferSize(24);
    format.setStencilBufferSize(0);
    format.setSamples(0);
    QSurfaceFormat::setDefaultFormat(format);
#if defined(Q_OS_LINUX) && VTK_VERSION_NUMBER < VTK_VERSION_CHECK(9, 4, 0)
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "xcb");
    if (qEnvironmentVariableIsEmpty("QT_XCB_GL_INTEGRATION")) {
        qputenv("QT_XCB_GL_INTEGRATION", "xcb_glx");
    }
#endif
}

Renderer preferredRenderer() {
    const QByteArray wish = qgetenv("POSTERIA_RENDERER").toLower();
    if (wish == "raster") return Renderer::Raster;
    if (wish == "opengl") return Renderer::OpenGL;
    const QString platform = QGuiApplication::platformName();
    if (platform == QLatin1String("offscreen") || platform == QLatin1String("minimal")) {
        return Renderer::Raster;
    }
#if defined(Q_OS_LINUX)
    // Looking for a device costs nothing; asking OpenGL would load the emulation first.
    const bool local =
        qgetenv("DISPLAY").startsWith(':') || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
    const bool device = !QDir(QStringLiteral("/dev/dri"))
                             .entryList({QStringLiteral("render*")}, QDir::System)
                             .isEmpty() ||
                        QFileInfo::exists(QStringLiteral("/dev/nvidia0"));
    return local && device ? Renderer::OpenGL : Renderer::Raster;
#else
    return Renderer::OpenGL;
#endif
}

}  // namespace posteria::ui::viewer
