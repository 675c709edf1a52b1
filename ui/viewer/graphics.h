// OpenGL as VTK 9.1 needs it; called once, before QApplication is made.
#pragma once

namespace posteria::ui::viewer {

// Sets the default surface format (desktop OpenGL 3.2 core) and, on Linux with VTK < 9.4, chooses
// the xcb platform with GLX when the user chose none: that VTK finds its functions through GLX only
// and draws nothing under Wayland or EGL.
void prepareGraphics();

}  // namespace posteria::ui::viewer
