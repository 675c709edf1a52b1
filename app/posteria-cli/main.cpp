// posteria-cli: the engine without a window. Its exit codes are a promise to scripts: 0 done, 1
// failed while running, 2 wrong usage, 3 bad input, 4 bad model, 130 stopped.
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>

#include "app/posteria-cli/commands.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/version.h"
#include "core/plugin/image_plugins.h"

namespace posteria::cli {
namespace {

const CancelToken* stopToken = nullptr;

// Sets one lock-free flag. The handler goes with the first signal, so that a second one ends the
// program at once.
extern "C" void onStopSignal(int) {
    if (stopToken) stopToken->cancel();
}

void installStopSignals(const CancelToken& token) {
    stopToken = &token;
    struct sigaction action = {};
    action.sa_handler = &onStopSignal;
    action.sa_flags = SA_RESETHAND;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    // A full disk or a size limit comes back as an error of write(), with its own message.
    std::signal(SIGXFSZ, SIG_IGN);
}

std::string quoted(const std::string& word) {
    const std::string safe = "._-/=:,+@%";
    bool plain = !word.empty();
    for (char c : word)
        plain = plain &&
                (std::isalnum(static_cast<unsigned char>(c)) || safe.find(c) != std::string::npos);
    if (plain) return word;
    std::string text = "'";
    for (char c : word)
        text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

int fail(const std::string& text, ErrorKind kind) {
    std::fprintf(stderr, "error: %s\n", text.c_str());
    log::debug("ended with: " + text);
    return exitCode(kind);
}

int run(int argc, char** argv) {
    Context context;
    plugin::useImagePlugins(context.plugins);
    for (int i = 0; i < argc; ++i)
        context.commandLine += (i ? " " : "") + quoted(argv[i]);
    CLI::App app("Posteria restores microscopy images and shows how far the result can be trusted.",
                 "posteria-cli");
    app.set_version_flag("--version", std::string("posteria-cli ") + kVersion);
    app.require_subcommand(1);
#define POSTERIA_ADD(Name) add##Name(app, context);
    POSTERIA_COMMANDS(POSTERIA_ADD)
#undef POSTERIA_ADD
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : exitCode(ErrorKind::Usage);
    }
    try {
        log::setLevel(context.quiet            ? log::Level::Error
                      : context.verbosity >= 2 ? log::Level::Debug
                      : context.verbosity == 1 ? log::Level::Info
                                               : log::Level::Warning);
        if (!context.logFile.empty()) log::logToFile(context.logFile);
        log::debug(context.commandLine);
        installStopSignals(context.token);
        context.action();
        if (std::fflush(stdout) != 0) {
            return fail("The report cannot be written to stdout.", ErrorKind::Failed);
        }
        return 0;
    } catch (const Error& e) {
        return fail(e.what(), e.kind());
    } catch (const std::bad_alloc&) {
        return fail(
            "There is not enough memory for this. Choose a smaller region or smaller tiles.",
            ErrorKind::Failed);
    } catch (const std::exception& e) {
        return fail(e.what(), ErrorKind::Failed);
    }
}

}  // namespace
}  // namespace posteria::cli

int main(int argc, char** argv) {
    return posteria::cli::run(argc, argv);
}
