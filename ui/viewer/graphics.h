// OpenGL as VTK 9.1 needs it, and whether to use it for flat images.
#pragma once

namespace posteria::ui::viewer {

enum class Renderer {
    Raster,  // Qt's own painting: needs no OpenGL
    OpenGL,  // VTK
};

// To be called once, before QApplication is made. Sets the default surface format (desktop
// OpenGL 3.2 core) and, on Linux with VTK < 9.4, chooses the xcb platform with GLX when the user
// chose none: that VTK finds its functions through GLX only and draws nothing under Wayland or EGL.
void prepareGraphics();

// $POSTERIA_RENDERER (raster or opengl) when set; otherwise OpenGL on a local display with a
// graphics device. Emulated OpenGL costs several times what plain painting does.
Renderer preferredRenderer();

}  // namespace posteria::ui::viewer
