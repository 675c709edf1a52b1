// posteria-cli benchmark: how fast a model restores on this machine.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/posteria-cli/commands.h"
#include "core/engine/benchmark.h"

namespace posteria::cli {
namespace {

void benchmark(const Context& context, const engine::BenchmarkRequest& request) {
    auto progress = std::make_unique<ConsoleProgress>("benchmark", "runs", !context.quiet);
    const auto text = engine::benchmark(
        request, [&](int done, int total) { progress->update(done, total); }, context.token);
    progress.reset();
    const auto figures = nlohmann::ordered_json::parse(text);
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
    CLI::App* command =
        addCommand(app, context, "benchmark", "Measure how fast a model restores here",
                   [&context, request] { benchmark(context, *request); });
    command
        ->add_option("--model", request->model, "A bundled model's name or a package (the first)")
        ->type_name("MODEL");
    command->add_option("--device", request->device, "auto, cpu, cuda or cuda:0 (auto)")
        ->type_name("D");
    command->add_option("--threads", request->threads, "Processors to use (all)")->type_name("N");
}

}  // namespace posteria::cli
