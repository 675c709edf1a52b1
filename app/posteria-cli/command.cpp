#include "app/posteria-cli/command.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

namespace posteria::cli {

ConsoleProgress Context::progress(const std::string& label, const std::string& unit) const {
    return ConsoleProgress(label, unit, !quiet);
}

CLI::App* addCommand(CLI::App& app, Context& context, const std::string& name,
                     const std::string& description, std::function<void()> action) {
    CLI::App* command = app.add_subcommand(name, description);
    command->add_flag("--json", context.json, "Print one JSON document on stdout and nothing else");
    command->add_flag("-v,--verbose", context.verbosity, "Say more; twice for every detail");
    command->add_flag("-q,--quiet", context.quiet, "No progress, errors only");
    command->add_option("--log", context.logFile, "Also write a log to this file")
        ->type_name("FILE");
    // A command inside a command ends its parsing first, so the innermost one is kept.
    command->callback([&context, action = std::move(action)] {
        if (!context.action) context.action = action;
    });
    return command;
}

void printJson(const nlohmann::json& document) {
    // File names and metadata may hold bytes that are no UTF-8; they must not stop the report.
    const std::string text = document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
    std::printf("%s\n", text.c_str());
}

void say(const Context& context, const std::string& line) {
    if (!context.json && !context.quiet) std::printf("%s\n", line.c_str());
}

}  // namespace posteria::cli
