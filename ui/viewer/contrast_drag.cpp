#include "ui/viewer/contrast_drag.h"

#include <cmath>

namespace posteria::ui::viewer {

namespace {

constexpr double kPixelsToDouble = 150;  // of the window, logical
constexpr double kPixelsOfWindow = 300;  // that move the level by one window

}  // namespace

void ContrastDrag::begin(Layer* layer, int channel, const QPointF& position) {
    m_active = true;
    m_from = position;
    m_starts.clear();
    // A sample shows its mean's limits, which would come back.
    if (layer && layer->displaySource()) layer = layer->displaySource();
    m_layer = layer;
    if (!layer || !layer->stack()) return;
    for (const int c : layer->channelsShown(channel))
        if (!layer->needsLimits(c))
            m_starts.push_back({c, layer->channels()[static_cast<std::size_t>(c)].limits});
}

void ContrastDrag::moveTo(const QPointF& position) {
    if (!m_layer) return;
    const QPointF way = position - m_from;
    for (const auto& [channel, limits] : m_starts) {
        if (channel >= m_layer->channelCount()) return;
        const double window = limits.high - limits.low;
        const double level = (limits.low + limits.high) / 2 - way.y() / kPixelsOfWindow * window;
        const double half = window / 2 * std::pow(2.0, way.x() / kPixelsToDouble);
        m_layer->setLimits(channel, {level - half, level + half});
    }
}

}  // namespace posteria::ui::viewer
