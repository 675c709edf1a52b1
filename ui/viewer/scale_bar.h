// The length of a scale bar: 1, 2 or 5 times a power of ten, in the unit a reader expects.
#pragma once

#include <QString>

namespace posteria::ui::viewer {

struct ScaleBar {
    double pixels = 0;  // logical screen pixels
    QString text;       // "20 µm", "500 nm", "1 mm", "100 px"
};

// scale: µm (or image pixels) a logical screen pixel; the bar is at most maxPixels long.
ScaleBar chooseScaleBar(double scale, bool calibrated, double maxPixels);

}  // namespace posteria::ui::viewer
