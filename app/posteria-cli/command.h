// What every command of posteria-cli shares: the options --json, -v, -q and --log, the stop token
// that SIGINT and SIGTERM set, and the progress bar. A command's add function registers its options
// and an action; main runs the action of the command that was asked for. Actions throw
// posteria::Error, which becomes a message on stderr and the exit code.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "app/posteria-cli/console_progress.h"
#include "core/base/cancel_token.h"
#include "core/plugin/plugin_set.h"

namespace posteria::cli {

struct Context {
    bool json = false;
    bool quiet = false;
    int verbosity = 0;
    std::string logFile;
    std::string commandLine;  // the exact line that was given, for reports
    CancelToken token;
    std::shared_ptr<const plugin::PluginSet> plugins = std::make_shared<plugin::PluginSet>();
    std::function<void()> action;  // of the chosen command

    // A progress display that keeps silent under --quiet. `unit` is what is counted: "planes",
    // "samples".
    ConsoleProgress progress(const std::string& label, const std::string& unit) const;
};

// Adds a command with the shared options. The action runs after parsing, with the options in place.
CLI::App* addCommand(CLI::App& app, Context& context, const std::string& name,
                     const std::string& description, std::function<void()> action);

// Throws Error{Usage}: what was written for the option is not understood.
[[noreturn]] void refuse(const std::string& option, const std::string& text,
                         const std::string& hint);

// a, a:b (half open) or a comma list of those; empty for an empty text. Throws as refuse() does.
std::vector<std::int64_t> readRange(const std::string& option, const std::string& text);

// The one JSON document on stdout.
void printJson(const nlohmann::json& document);

// A line of a report meant for people, on stdout; nothing under --json or --quiet.
void say(const Context& context, const std::string& line);

}  // namespace posteria::cli
