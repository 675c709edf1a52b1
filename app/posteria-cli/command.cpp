#include "app/posteria-cli/command.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "core/base/error.h"

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

[[noreturn]] void refuse(const std::string& option, const std::string& text,
                         const std::string& hint) {
    throw Error(ErrorKind::Usage, "\"" + text + "\" is not understood.", option, hint);
}

std::vector<std::int64_t> readRange(const std::string& option, const std::string& text) {
    const std::string hint = "Write one number, a:b (b not included) or a list as 0,2,5.";
    std::vector<std::int64_t> result;
    std::istringstream parts(text);
    std::string part;
    while (std::getline(parts, part, ',')) {
        std::istringstream in(part);
        std::int64_t first = 0, end = 0;
        char colon = 0;
        if (!(in >> first)) refuse(option, text, hint);
        end = first + 1;
        if (in >> colon && (colon != ':' || !(in >> end))) refuse(option, text, hint);
        if (!(in >> std::ws).eof() || first < 0 || end <= first || end - first > 1000000)
            refuse(option, text, hint);
        for (auto i = first; i < end; ++i)
            result.push_back(i);
    }
    return result;
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
