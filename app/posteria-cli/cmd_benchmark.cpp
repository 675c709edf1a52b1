// posteria-cli benchmark: how fast a model restores, or files are read and written, on this
// machine.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/posteria-cli/commands.h"
#include "app/posteria-cli/file_benchmark.h"
#include "core/engine/benchmark.h"

namespace posteria::cli {
namespace {

void benchmark(const Context& context, const engine::BenchmarkRequest& request,
               const std::string& filesIn) {
    auto progress = std::make_unique<ConsoleProgress>("benchmark", "runs", !context.quiet);
    const auto told = [&](int done, int total) { progress->update(done, total); };
    const auto figures =
        filesIn.empty()
            ? nlohmann::ordered_json::parse(engine::benchmark(request, told, context.token))
            : benchmarkFiles(filesIn, told, context.token);
    progress.reset();
    if (context.json) {
        printJson(figures);
        return;
    }
    for (const auto& [key, value] : figures.items()) {
        std::printf("%-28s %s\n", key.c_str(),
                    value.is_string() ? value.get<std::string>().c_str() : value.dump().c_str());
    }
}

}  // namespace

void addBenchmark(CLI::App& app, Context& context) {
    auto request = std::make_shared<engine::BenchmarkRequest>();
    auto files = std::make_shared<std::string>();
    CLI::App* command =
        addCommand(app, context, "benchmark", "Measure how fast a model restores here",
                   [&context, request, files] { benchmark(context, *request, *files); });
    command
        ->add_option("--model", request->model, "A bundled model's name or a package (the first)")
        ->type_name("MODEL");
    command->add_option("--device", request->device, "auto, cpu, cuda or cuda:0 (auto)")
        ->type_name("D");
    command
        ->add_option("--files", *files,
                     "Measure how fast image files are read and written in this folder instead")
        ->check(CLI::ExistingDirectory)
        ->type_name("DIR");
    command->add_option("--threads", request->threads, "Processors to use (all)")->type_name("N");
}

}  // namespace posteria::cli
