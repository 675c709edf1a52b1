// Every command of posteria-cli. A new one is a file cmd_<name>.cpp that defines add<Name>(), its
// name in one of the lists here, and its file in CMakeLists.txt.
#pragma once

#include "app/posteria-cli/command.h"

#define POSTERIA_PLAIN_COMMANDS(X) X(Info) X(Convert) X(Evaluate) X(Analyze) X(Plugins)
#ifdef POSTERIA_CLI_HAS_PACKAGE
#define POSTERIA_PACKAGE_COMMANDS(X) X(Models)
#else
#define POSTERIA_PACKAGE_COMMANDS(X)
#endif
// The order of --help. Names join this list with their cmd_<name>.cpp.
#ifdef POSTERIA_CLI_HAS_ENGINE
#define POSTERIA_ENGINE_COMMANDS(X) \
    X(Restore) X(Simulate) X(Train) X(Calibrate) X(Measure) X(Benchmark)
#else
#define POSTERIA_ENGINE_COMMANDS(X)
#endif
#define POSTERIA_COMMANDS(X)     \
    POSTERIA_PLAIN_COMMANDS(X)   \
    POSTERIA_PACKAGE_COMMANDS(X) \
    POSTERIA_ENGINE_COMMANDS(X)

namespace posteria::cli {

#define POSTERIA_DECLARE(Name) void add##Name(CLI::App& app, Context& context);
POSTERIA_COMMANDS(POSTERIA_DECLARE)
#undef POSTERIA_DECLARE

}  // namespace posteria::cli
