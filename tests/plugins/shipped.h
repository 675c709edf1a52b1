// The plugins of this build, loaded from where the programs look for them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/plugin/image_plugins.h"

namespace shipped {

inline std::shared_ptr<const posteria::plugin::PluginSet> plugins() {
    return std::make_shared<const posteria::plugin::PluginSet>(
        std::vector<std::string>{POSTERIA_LIB_DIR "/posteria/plugins"});
}

// The one with the id; null when it is not there or not ready.
inline const posteria::plugin::Plugin* find(const posteria::plugin::PluginSet& set,
                                            const std::string& id) {
    for (const auto& plugin : set.all()) {
        if (plugin.id == id && plugin.ready()) return &plugin;
    }
    return nullptr;
}

}  // namespace shipped
