// Icons drawn from paths, in the theme's colours and sharp at any scale; no image files.
#pragma once

#include <QIcon>

namespace posteria::ui::widgets {

enum class Symbol {
    Eye,
    EyeOff,
    Play,
    Pause,
    Delete,
    Home,
    Crosshair,
    Ruler,
    Cube,
    Open,
    Close,
    Warning,
    Info,
    Hand,
    Pointer,
    Rectangle,
    Ellipse,
    Segment,
    Polygon,
    Points,
    Brush,
    Eraser,
    Bucket,
    Dropper,
    Labels,
    Link
};

QIcon icon(Symbol symbol);
QIcon applicationIcon();

}  // namespace posteria::ui::widgets
