#include "ui/model/colormaps.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace posteria::ui {

namespace {

using ControlPoints = std::array<std::uint32_t, 9>;

constexpr ControlPoints kMagma = {0x000004, 0x1d1147, 0x51127c, 0x822681, 0xb63679,
                                  0xe65164, 0xfb8861, 0xfec287, 0xfcfdbf};
constexpr ControlPoints kViridis = {0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21908c,
                                    0x27ad81, 0x5dc863, 0xaadc32, 0xfde725};
constexpr ControlPoints kInferno = {0x000004, 0x210c4a, 0x56106e, 0x89226a, 0xbb3754,
                                    0xe35932, 0xf98c0a, 0xf9c932, 0xfcffa4};

constexpr ControlPoints kBlueRed = {0x0b2a6b, 0x2f5fb3, 0x6f9bd8, 0xb9d0ee, 0xf4f4f4,
                                    0xf0c3b4, 0xdd8a6f, 0xb94a3a, 0x6e1020};

int component(std::uint32_t rgb, int shift) {
    return static_cast<int>((rgb >> shift) & 0xff);
}

// Catmull-Rom through the control points, one colour component at a time.
int splineComponent(const ControlPoints& points, int shift, double position) {
    const int last = static_cast<int>(points.size()) - 1;
    const int i = std::min(static_cast<int>(position), last - 1);
    const double u = position - i;
    const auto at = [&](int k) { return double(component(points[std::clamp(k, 0, last)], shift)); };
    const double before = i > 0 ? at(i - 1) : 2 * at(0) - at(1);
    const double after = i + 2 <= last ? at(i + 2) : 2 * at(last) - at(last - 1);
    const double p1 = at(i), p2 = at(i + 1);
    const double m1 = (p2 - before) / 2, m2 = (after - p1) / 2;
    const double u2 = u * u, u3 = u2 * u;
    const double value = (2 * u3 - 3 * u2 + 1) * p1 + (u3 - 2 * u2 + u) * m1 +
                         (3 * u2 - 2 * u3) * p2 + (u3 - u2) * m2;
    return std::clamp(static_cast<int>(std::lround(value)), 0, 255);
}

ColorTable spline(const ControlPoints& points) {
    ColorTable table;
    for (int i = 0; i < 256; ++i) {
        const double position = i / 255.0 * (points.size() - 1);
        table[i] = qRgb(splineComponent(points, 16, position), splineComponent(points, 8, position),
                        splineComponent(points, 0, position));
    }
    return table;
}

const std::vector<std::pair<QString, ColorTable>>& tables() {
    static const std::vector<std::pair<QString, ColorTable>> all = {
        {"gray", colorRamp(0xffffff)},   {"red", colorRamp(0xff0000)},
        {"green", colorRamp(0x00ff00)},  {"blue", colorRamp(0x0000ff)},
        {"cyan", colorRamp(0x00ffff)},   {"magenta", colorRamp(0xff00ff)},
        {"yellow", colorRamp(0xffff00)}, {"magma", spline(kMagma)},
        {"viridis", spline(kViridis)},   {"inferno", spline(kInferno)},
        {"blue-red", spline(kBlueRed)},
    };
    return all;
}

}  // namespace

ColorTable colorRamp(std::uint32_t rgb) {
    ColorTable table;
    for (int i = 0; i < 256; ++i) {
        table[i] = qRgb((component(rgb, 16) * i + 127) / 255, (component(rgb, 8) * i + 127) / 255,
                        (component(rgb, 0) * i + 127) / 255);
    }
    return table;
}

const QStringList& colormapNames() {
    static const QStringList names = [] {
        QStringList list;
        for (const auto& entry : tables())
            list.append(entry.first);
        return list;
    }();
    return names;
}

QRgb labelColor(std::uint64_t label) {
    if (label == 0) return qRgba(0, 0, 0, 0);
    // Hues a golden section apart never meet again; three levels of light tell near ones apart.
    const double hue = std::fmod(static_cast<double>(label) * 0.6180339887498949 + 0.05, 1.0);
    const double light[] = {0.55, 0.68, 0.42};
    return QColor::fromHslF(float(hue), 0.85f, float(light[label % 3])).rgb();
}

bool isColormap(const QString& name) {
    return colormapNames().contains(name);
}

const ColorTable& colormap(const QString& name) {
    for (const auto& entry : tables()) {
        if (entry.first == name) return entry.second;
    }
    return tables().front().second;
}

}  // namespace posteria::ui
