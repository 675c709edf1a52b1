// Figures of what a canvas shows, for papers and slides: PNG, or PDF and SVG whose words and lines
// stay vectors. GUI thread only.
#pragma once

#include <functional>

#include "ui/viewer/canvas_interface.h"

namespace posteria::ui::viewer {

struct FigureOptions {
    int magnification = 3;  // pixels of the figure on one of the screen, 1 to 8
    bool labels = true;     // titles and colour bars
};

// The canvas as it is, its magnification set.
QImage drawPicture(Canvas& canvas, const FigureOptions& options);
// Draws the canvas as it is, its magnification set, for a file whose ending says the kind: png, pdf
// or svg. What it returns writes the file, on any thread, as compressing a large picture takes
// seconds; the file appears whole or not at all, and false tells that it could not be written.
std::function<bool()> drawFigure(Canvas& canvas, const FigureOptions& options, const QString& path);
// Of the picture that such a figure is, or holds.
QSize figurePixels(const Canvas& canvas, int magnification);

}  // namespace posteria::ui::viewer
