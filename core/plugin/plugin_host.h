// Finds plugins, loads them and says what is wrong with those that cannot be used. A bad plugin is
// an entry with a sentence in `problem`, never an exception. A library once accepted stays mapped
// until the process ends, so that function tables may be kept. One host is used by one thread at a
// time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/cancel_token.h"
#include "core/base/error.h"
#include "core/plugin/plugin_abi.h"

namespace posteria::plugin {

struct Plugin {
    std::string path, id, version, title;
    std::uint32_t kind = 0;           // PosteriaPluginKind
    std::string problem;              // empty: ready to use
    const void* functions = nullptr;  // null unless ready

    bool ready() const { return problem.empty(); }
    // The table of a ready plugin of the kind that Table belongs to.
    template <class Table>
    const Table& table() const {
        return *static_cast<const Table*>(functions);
    }
};

const char* kindName(std::uint32_t kind);  // "image reader", …; empty for an unknown kind

// Folders searched, first wins: $POSTERIA_PLUGINS (a colon list), the user's, those beside the
// program.
std::vector<std::string> pluginFolders();
// Loads one library.
Plugin loadPlugin(const std::string& path);
// Every *.so in the folders, by name; of two with one id the first is used.
std::vector<Plugin> loadPlugins(const std::vector<std::string>& folders = pluginFolders());

// One call into a plugin: services for it, room for its error, and memory that lives as long as the
// call.
class Call {
  public:
    Call(const Plugin& plugin, CancelToken token, std::function<void(double)> progress = {});
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    const PosteriaServices* services() const { return &m_services; }
    char* error() { return m_error.data(); }
    std::size_t errorSize() const { return m_error.size(); }
    // For a result other than 0 throws Error{Cancelled} when the token is set, else Error{kind}
    // with the plugin's sentence, said of `where` (the plugin itself when that is empty).
    void check(int result, ErrorKind kind, const std::string& where = {}) const;
    // A text the plugin wrote to memory it asked for in this call; throws Error{Failed} for any
    // other pointer.
    std::string text(const char* start) const;

  private:
    const Plugin& m_plugin;
    CancelToken m_token;
    std::function<void(double)> m_progress;
    std::vector<char> m_error;
    std::vector<std::pair<void*, std::size_t>> m_memory;
    PosteriaServices m_services;
};

}  // namespace posteria::plugin
