#include "ui/model/display_settings.h"

#include <QStringList>
#include <array>
#include <utility>

namespace posteria::ui {

namespace {

// The colormaps of the channels' own colours; empty unless every channel has one of its own.
QStringList ownColormaps(const image::StackInfo& info) {
    static constexpr std::pair<std::uint32_t, const char*> kRamps[] = {
        {0xff0000, "red"},  {0x00ff00, "green"},   {0x0000ff, "blue"},
        {0x00ffff, "cyan"}, {0xff00ff, "magenta"}, {0xffff00, "yellow"},
    };
    QStringList maps;
    for (const auto& channel : info.channels) {
        for (const auto& [rgb, name] : kRamps) {
            if (channel.color && *channel.color == rgb) maps.append(QLatin1String(name));
        }
    }
    maps.removeDuplicates();
    return maps.size() == info.shape.c ? maps : QStringList();
}

}  // namespace

std::vector<ChannelDisplay> defaultDisplays(const image::StackInfo& info) {
    static const std::array<const char*, 2> kTwo = {"magenta", "green"};
    static const std::array<const char*, 6> kMany = {"cyan", "magenta", "yellow",
                                                     "blue", "green",   "red"};
    const auto count = static_cast<std::size_t>(info.shape.c);
    std::vector<ChannelDisplay> displays(count);
    const QStringList own = ownColormaps(info);
    for (std::size_t c = 0; c < count; ++c) {
        if (count == 2) displays[c].colormap = kTwo[c];
        if (count > 2) displays[c].colormap = kMany[c % kMany.size()];
        if (count > 1 && !own.isEmpty()) displays[c].colormap = own[static_cast<int>(c)];
        if (c < info.channels.size() && info.channels[c].displayRange) {
            const auto [low, high] = *info.channels[c].displayRange;
            if (low < high) {
                displays[c].limits = {low, high};
                displays[c].automatic = false;
            }
        }
    }
    return displays;
}

}  // namespace posteria::ui
