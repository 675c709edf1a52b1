#include "ui/viewer/scale_bar.h"

#include <cmath>

namespace posteria::ui::viewer {

ScaleBar chooseScaleBar(double scale, bool calibrated, double maxPixels) {
    const double longest = scale * maxPixels;
    const double decade = std::pow(10.0, std::floor(std::log10(longest)));
    double length = decade;
    if (longest >= 2 * decade) length = 2 * decade;
    if (longest >= 5 * decade) length = 5 * decade;

    double shown = length;
    QString unit = QStringLiteral("px");
    if (calibrated) {
        unit = QStringLiteral("µm");
        if (length >= 1000) {
            shown = length / 1000;
            unit = QStringLiteral("mm");
        } else if (length < 0.999) {
            shown = length * 1000;
            unit = QStringLiteral("nm");
        }
    }
    return {length / scale, QStringLiteral("%1 %2").arg(shown, 0, 'g', 6).arg(unit)};
}

}  // namespace posteria::ui::viewer
