#include "ui/model/display_settings.h"

#include <array>

namespace posteria::ui {

std::vector<ChannelDisplay> defaultDisplays(const image::StackInfo& info) {
    static const std::array<const char*, 2> kTwo = {"magenta", "green"};
    static const std::array<const char*, 6> kMany = {"cyan", "magenta", "yellow",
                                                     "blue", "green",   "red"};
    const auto count = static_cast<std::size_t>(info.shape.c);
    std::vector<ChannelDisplay> displays(count);
    for (std::size_t c = 0; c < count; ++c) {
        if (count == 2) displays[c].colormap = kTwo[c];
        if (count > 2) displays[c].colormap = kMany[c % kMany.size()];
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
