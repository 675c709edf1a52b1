#include "core/plugin/plugin_host.h"

#include <dlfcn.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <set>
#include <sstream>
#include <utility>

#include "core/base/log.h"
#include "core/plugin/elf_check.h"

namespace fs = std::filesystem;

namespace posteria::plugin {

namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

bool isIdentifier(const char* text) {
    const std::string id = text ? text : "";
    return !id.empty() && id.size() <= 128 &&
           std::all_of(id.begin(), id.end(), [](unsigned char c) {
               return std::isalnum(c) || c == '-' || c == '_' || c == '.';
           });
}

// Whether the table is at least as large as this version's and has every function.
template <class Table, class... Members>
bool complete(const void* functions, Members... members) {
    const auto* table = static_cast<const Table*>(functions);
    return table && table->struct_size >= sizeof(Table) && ((table->*members != nullptr) && ...);
}

bool hasFunctions(const PosteriaPlugin& p) {
    switch (p.kind) {
        case POSTERIA_IMAGE_READER: {
            using T = PosteriaImageReader;
            return complete<T>(p.functions, &T::recognises, &T::open, &T::describe, &T::read,
                               &T::close);
        }
        case POSTERIA_IMAGE_WRITER: {
            using T = PosteriaImageWriter;
            return complete<T>(p.functions, &T::endings, &T::create, &T::write, &T::finish,
                               &T::close);
        }
        case POSTERIA_DEGRADATION: {
            using T = PosteriaDegradation;
            return complete<T>(p.functions, &T::apply, &T::adjoint);
        }
        default:
            return complete<PosteriaAnalysis>(p.functions, &PosteriaAnalysis::run);
    }
}

// What is wrong with the description, or nothing. The order matters: nothing behind abi_major and
// struct_size may be read before both are known to be right.
std::string problemOf(const PosteriaPlugin* p) {
    if (!p) return "The plugin describes nothing.";
    if (p->abi_major != POSTERIA_ABI_MAJOR) {
        return "The plugin was built for version " + std::to_string(p->abi_major) +
               " of the plugin interface; this program has version " +
               std::to_string(POSTERIA_ABI_MAJOR) + ".";
    }
    if (p->struct_size < sizeof(PosteriaPlugin)) return "The plugin's description is too short.";
    if (p->kind < POSTERIA_IMAGE_READER || p->kind > POSTERIA_ANALYSIS) {
        return "The plugin is of a kind that this program does not know.";
    }
    if (!isIdentifier(p->id)) return "The plugin has no usable id.";
    if (!hasFunctions(*p)) return "The plugin lacks a function of its kind.";
    return {};
}

}  // namespace

const char* kindName(std::uint32_t kind) {
    switch (kind) {
        case POSTERIA_IMAGE_READER:
            return "image reader";
        case POSTERIA_IMAGE_WRITER:
            return "image writer";
        case POSTERIA_DEGRADATION:
            return "degradation";
        case POSTERIA_ANALYSIS:
            return "analysis";
        default:
            return "";
    }
}

std::vector<std::string> pluginFolders() {
    std::vector<std::string> folders;
    std::istringstream list(environment("POSTERIA_PLUGINS"));
    for (std::string folder; std::getline(list, folder, ':');) {
        if (!folder.empty()) folders.push_back(folder);
    }
    const std::string data = environment("XDG_DATA_HOME"), home = environment("HOME");
    if (!data.empty()) {
        folders.push_back((fs::path(data) / "posteria/plugins").string());
    } else if (!home.empty()) {
        folders.push_back((fs::path(home) / ".local/share/posteria/plugins").string());
    }
    std::error_code code;
    const fs::path program = fs::read_symlink("/proc/self/exe", code);
    if (!code)
        folders.push_back(
            (program.parent_path() / "../lib/posteria/plugins").lexically_normal().string());
    return folders;
}

Plugin loadPlugin(const std::string& path) {
    Plugin plugin;
    plugin.path = path;
    plugin.title = fs::path(path).filename().string();
    if (!isWholeLibrary(path)) {
        plugin.problem = "The file is not a complete shared library for this computer.";
        return plugin;
    }
    // A path without a slash would be looked up among the system's libraries.
    void* library = dlopen(fs::absolute(path).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char* reason = dlerror();
        plugin.problem = std::string("The library cannot be loaded: ") +
                         (reason ? reason : "no reason given") + ".";
        return plugin;
    }
    const auto entry =
        reinterpret_cast<PosteriaPluginEntry>(dlsym(library, POSTERIA_PLUGIN_SYMBOL));
    const PosteriaPlugin* description = entry ? entry() : nullptr;
    plugin.problem = entry ? problemOf(description) : "The library is not a Posteria plugin.";
    if (!plugin.ready()) {
        dlclose(library);
        return plugin;
    }
    plugin.id = description->id;
    plugin.version = description->version ? description->version : "";
    if (description->title) plugin.title = description->title;
    plugin.kind = description->kind;
    plugin.functions = description->functions;
    return plugin;
}

std::vector<Plugin> loadPlugins(const std::vector<std::string>& folders) {
    std::vector<Plugin> plugins;
    std::set<std::string> ids, seen;
    for (const auto& folder : folders) {
        std::error_code unknown;
        if (!seen.insert(fs::weakly_canonical(folder, unknown).string()).second) continue;
        std::vector<std::string> paths;
        std::error_code code;
        for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
            if (it->path().extension() == ".so") paths.push_back(it->path().string());
        }
        std::sort(paths.begin(), paths.end());
        for (const auto& path : paths) {
            Plugin plugin = loadPlugin(path);
            if (plugin.ready() && !ids.insert(plugin.id).second) {
                plugin.problem = "Another plugin with the id " + plugin.id + " was found first.";
                plugin.functions = nullptr;
            }
            if (!plugin.ready()) log::info(path + ": " + plugin.problem);
            plugins.push_back(std::move(plugin));
        }
    }
    return plugins;
}

Call::Call(const Plugin& plugin, CancelToken token, std::function<void(double)> progress)
    : m_plugin(plugin),
      m_token(std::move(token)),
      m_progress(std::move(progress)),
      m_error(1024, '\0') {
    m_services.struct_size = sizeof m_services;
    m_services.host = this;
    m_services.log = [](void* host, int level, const char* text) {
        const std::string line = static_cast<Call*>(host)->m_plugin.id + ": " + (text ? text : "");
        if (level >= POSTERIA_LOG_WARNING) {
            log::warning(line);
        } else if (level == POSTERIA_LOG_INFO) {
            log::info(line);
        } else {
            log::debug(line);
        }
    };
    m_services.progress = [](void* host, double fraction) {
        const auto& report = static_cast<Call*>(host)->m_progress;
        if (report && fraction >= 0 && fraction <= 1) report(fraction);
    };
    m_services.is_cancelled = [](void* host) {
        return int(static_cast<Call*>(host)->m_token.cancelled());
    };
    m_services.allocate = [](void* host, std::size_t bytes) -> void* {
        void* memory = std::malloc(std::max<std::size_t>(bytes, 1));
        // Nothing may be thrown into the plugin.
        try {
            if (memory) static_cast<Call*>(host)->m_memory.emplace_back(memory, bytes);
        } catch (...) {
            std::free(std::exchange(memory, nullptr));
        }
        return memory;
    };
}

Call::~Call() {
    for (const auto& [memory, bytes] : m_memory)
        std::free(memory);
}

std::string Call::text(const char* start) const {
    for (const auto& [memory, bytes] : m_memory) {
        if (start != memory) continue;
        const auto length = strnlen(start, bytes);
        if (length < bytes) return std::string(start, length);
    }
    throw Error(ErrorKind::Failed, "The plugin's answer is no text.", m_plugin.title);
}

void Call::check(int result, ErrorKind kind, const std::string& where) const {
    if (result == 0) return;
    m_token.throwIfCancelled();
    // The plugin may have filled the room to the last byte.
    const std::string text(m_error.data(), strnlen(m_error.data(), m_error.size()));
    throw Error(
        kind, text.empty() ? "The plugin failed with number " + std::to_string(result) + "." : text,
        where.empty() ? m_plugin.title : where);
}

}  // namespace posteria::plugin
