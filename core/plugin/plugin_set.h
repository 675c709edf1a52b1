// The plugins of a running program, found and loaded once, when someone first asks for them: a
// program that needs none pays nothing. Share it as shared_ptr<const PluginSet>; any thread.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "core/plugin/plugin_host.h"

namespace posteria::plugin {

class PluginSet {
  public:
    explicit PluginSet(std::vector<std::string> folders = pluginFolders());

    const std::vector<std::string>& folders() const { return m_folders; }
    // Ready ones and refused ones, in the order of the folders. They stay where they are.
    const std::vector<Plugin>& all() const;
    // The ready ones of a kind.
    std::vector<const Plugin*> ofKind(PosteriaPluginKind kind) const;

  private:
    std::vector<std::string> m_folders;
    mutable std::once_flag m_loaded;
    mutable std::vector<Plugin> m_plugins;
};

}  // namespace posteria::plugin
