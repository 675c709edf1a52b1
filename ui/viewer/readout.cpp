#include "ui/viewer/readout.h"

#include <algorithm>
#include <cmath>

namespace posteria::ui::viewer {

QString formatValue(double value) {
    if (std::isnan(value)) return QStringLiteral("–");
    if (value == std::round(value) && std::abs(value) < 1e9) return QString::number(value, 'f', 0);
    const double size = std::abs(value);
    if (size >= 1e6 || size < 1e-3) return QString::number(value, 'e', 2);
    const int decimals = 3 - static_cast<int>(std::floor(std::log10(size)));
    return QString::number(value, 'f', std::clamp(decimals, 0, 6));
}

QString formatWithDeviation(double value, double deviation) {
    if (std::isnan(value) || std::isnan(deviation)) return formatValue(value);
    const QString between = QStringLiteral(" ± ");
    if (!(deviation > 0)) return formatValue(value) + between + formatValue(deviation);
    const int decimals = 1 - static_cast<int>(std::floor(std::log10(deviation)));
    if (decimals > 6) {
        return QString::number(value, 'e', 2) + between + QString::number(deviation, 'e', 1);
    }
    const int shown = std::max(decimals, 0);
    return QString::number(value, 'f', shown) + between + QString::number(deviation, 'f', shown);
}

QString formatPosition(const QPointF& position, double pixelSize, const QString& unit) {
    const int decimals =
        unit == QLatin1String("px")
            ? 0
            : std::clamp(1 - static_cast<int>(std::floor(std::log10(pixelSize))), 0, 4);
    return QStringLiteral("x %1, y %2 %3")
        .arg(position.x(), 0, 'f', decimals)
        .arg(position.y(), 0, 'f', decimals)
        .arg(unit);
}

}  // namespace posteria::ui::viewer
