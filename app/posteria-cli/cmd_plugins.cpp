// posteria-cli plugins: what was found, and why what cannot be used cannot be used.
#include <nlohmann/json.hpp>

#include "app/posteria-cli/commands.h"
#include "core/plugin/plugin_set.h"

namespace posteria::cli {
namespace {

using nlohmann::json;

void listPlugins(const Context& context) {
    json plugins = json::array();
    for (const auto& found : context.plugins->all()) {
        plugins.push_back({{"id", found.id.empty() ? json() : json(found.id)},
                           {"title", found.title},
                           {"kind", found.id.empty() ? json() : json(plugin::kindName(found.kind))},
                           {"version", found.version},
                           {"path", found.path},
                           {"ready", found.ready()},
                           {"problem", found.ready() ? json() : json(found.problem)}});
        say(context, found.ready() ? found.id + "  " + found.version + "  " +
                                         plugin::kindName(found.kind) + "  " + found.path
                                   : found.path + ": not used. " + found.problem);
    }
    if (plugins.empty()) say(context, "There are no plugins. These folders were searched:");
    for (const auto& folder : context.plugins->folders()) {
        if (plugins.empty()) say(context, "  " + folder);
    }
    if (context.json) printJson({{"plugins", plugins}, {"folders", context.plugins->folders()}});
}

}  // namespace

void addPlugins(CLI::App& app, Context& context) {
    addCommand(app, context, "plugins",
               "List the plugins that were found, and what is wrong with them",
               [&context] { listPlugins(context); });
}

}  // namespace posteria::cli
