// Numbers for people: values under the cursor and positions.
#pragma once

#include <QPointF>
#include <QString>

namespace posteria::ui::viewer {

// Four significant digits; whole numbers as such.
QString formatValue(double value);
// "812 ± 35": the deviation with two significant digits, the value to the same decimal place.
QString formatWithDeviation(double value, double deviation);
// "x 12.34, y 5.60 µm" with as many decimals as the pixel size deserves.
QString formatPosition(const QPointF& position, double pixelSize, const QString& unit);

}  // namespace posteria::ui::viewer
