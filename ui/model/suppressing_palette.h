// Colours of two measures at once, a value and the doubt about it: a value-suppressing uncertainty
// palette (Correll, Moritz & Heer, CHI 2018). Doubt has four levels; at the lowest eight steps of
// value can be told apart, at each further one half as many, at the highest none. Steps are
// viridis', drawn towards one gray with every level.
#pragma once

#include <QColor>

#include "ui/model/contrast.h"

namespace posteria::ui {

struct SuppressingPalette {
    static constexpr int kLevels = 4;  // of doubt, 0 the surest
    static constexpr int kSteps = 8;   // of value, at level 0

    static constexpr int stepsAt(int level) { return kSteps >> level; }
    // Of shares 0 … 1 of the range; what lies outside counts as its end.
    static int levelOf(double doubt);
    static QRgb color(double value, double doubt);
    // Of one field of the legend.
    static QRgb field(int level, int step);
};

}  // namespace posteria::ui
