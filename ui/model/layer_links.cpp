#include "ui/model/layer_links.h"

#include <algorithm>
#include <utility>

namespace posteria::ui {

std::vector<LayerLinks::Group>::const_iterator LayerLinks::groupOf(const Layer* layer) const {
    return std::find_if(m_groups.begin(), m_groups.end(), [layer](const Group& group) {
        return std::find(group.begin(), group.end(), layer) != group.end();
    });
}

bool LayerLinks::isLinked(const Layer* layer) const {
    return layer && groupOf(layer) != m_groups.end();
}

void LayerLinks::link(const std::vector<Layer*>& layers) {
    if (layers.size() < 2) return;
    for (Layer* layer : layers)
        unlink(layer);
    m_groups.emplace_back(layers.begin(), layers.end());
    for (Layer* layer : layers) {
        connect(layer, &Layer::displayChanged, this, [this, layer] { spread(layer); });
        connect(layer, &QObject::destroyed, this, &LayerLinks::prune);
    }
    spread(layers.front());
    Q_EMIT changed();
}

void LayerLinks::unlink(const Layer* layer) {
    if (!isLinked(layer)) return;
    disconnect(layer, nullptr, this, nullptr);
    for (auto& group : m_groups)
        group.erase(std::remove(group.begin(), group.end(), layer), group.end());
    prune();
}

void LayerLinks::prune() {
    for (auto& group : m_groups) {
        group.erase(std::remove(group.begin(), group.end(), nullptr), group.end());
        if (group.size() > 1) continue;
        if (!group.empty()) disconnect(group.front(), nullptr, this, nullptr);
        group.clear();
    }
    m_groups.erase(std::remove_if(m_groups.begin(), m_groups.end(),
                                  [](const Group& each) { return each.empty(); }),
                   m_groups.end());
    Q_EMIT changed();
}

void LayerLinks::spread(Layer* from) {
    const auto group = groupOf(from);
    if (group == m_groups.end() || std::exchange(m_spreading, true)) return;
    for (const auto& layer : *group) {
        if (!layer || layer == from) continue;
        auto display = from->display();
        display.visible = layer->isVisible();
        layer->setDisplay(display);
        const int count = std::min(from->channelCount(), layer->channelCount());
        for (int c = 0; c < count; ++c) {
            auto channel = from->channels()[std::size_t(c)];
            const auto& own = layer->channels()[std::size_t(c)];
            channel.visible = own.visible;
            if (channel.automatic) {
                channel.automatic = own.automatic;
                channel.limits = own.limits;
            }
            layer->setChannel(c, channel);
        }
    }
    m_spreading = false;
}

}  // namespace posteria::ui
