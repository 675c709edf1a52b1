// Figures of what a canvas shows, for papers and slides: PNG, or PDF and SVG whose words and lines
// stay vectors. GUI thread only.
#pragma once

#include "ui/viewer/canvas_interface.h"

namespace posteria::ui::viewer {

struct FigureOptions {
    int magnification = 3;  // pixels of the figure on one of the screen, 1 to 8
    bool labels = true;     // titles and colour bars
};

// Draws the canvas as it is, its magnification set, into a file whose ending says the kind: png,
// pdf or svg. The file appears whole or not at all; false where it could not be written.
bool writeFigure(Canvas& canvas, const FigureOptions& options, const QString& path);
// Of the picture that such a figure is, or holds.
QSize figurePixels(const Canvas& canvas, int magnification);

}  // namespace posteria::ui::viewer
