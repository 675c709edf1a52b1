#include "ui/model/layer_links.h"

#include <algorithm>
#include <utility>

namespace posteria::ui {

LayerLinks::Group* LayerLinks::groupOf(const Layer* layer) {
    for (auto& group : m_groups)
        if (std::find(group.begin(), group.end(), layer) != group.end()) return &group;
    return nullptr;
}

bool LayerLinks::isLinked(const Layer* layer) const {
    return const_cast<LayerLinks*>(this)->groupOf(layer) != nullptr;
}

void LayerLinks::link(const std::vector<Layer*>& layers) {
    if (layers.size() < 2) return;
    for (Layer* layer : layers)
        unlink(layer);
    m_groups.emplace_back(layers.begin(), layers.end());
    for (Layer* layer : layers) {
        connect(layer, &Layer::displayChanged, this, [this, layer] { spread(layer); });
        connect(layer, &QObject::destroyed, this, &LayerLinks::changed);
    }
    spread(layers.front());
    Q_EMIT changed();
}

void LayerLinks::unlink(const Layer* layer) {
    Group* group = groupOf(layer);
    if (!group) return;
    disconnect(layer, nullptr, this, nullptr);
    group->erase(std::remove(group->begin(), group->end(), layer), group->end());
    // One alone is linked with none.
    if (group->size() == 1) {
        if (group->front()) disconnect(group->front(), nullptr, this, nullptr);
        group->clear();
    }
    m_groups.erase(std::remove_if(m_groups.begin(), m_groups.end(),
                                  [](const Group& each) { return each.empty(); }),
                   m_groups.end());
    Q_EMIT changed();
}

void LayerLinks::spread(Layer* from) {
    const Group* group = groupOf(from);
    if (!group || std::exchange(m_spreading, true)) return;
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
