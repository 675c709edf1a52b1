#include "core/plugin/plugin_set.h"

#include <utility>

namespace posteria::plugin {

PluginSet::PluginSet(std::vector<std::string> folders) : m_folders(std::move(folders)) {}

const std::vector<Plugin>& PluginSet::all() const {
    std::call_once(m_loaded, [this] { m_plugins = loadPlugins(m_folders); });
    return m_plugins;
}

std::vector<const Plugin*> PluginSet::ofKind(PosteriaPluginKind kind) const {
    std::vector<const Plugin*> found;
    for (const auto& plugin : all()) {
        if (plugin.ready() && plugin.kind == static_cast<std::uint32_t>(kind))
            found.push_back(&plugin);
    }
    return found;
}

}  // namespace posteria::plugin
