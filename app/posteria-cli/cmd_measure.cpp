// posteria-cli measure: how good a model is, on fields simulated anew that it was never trained on.
#include <memory>
#include <nlohmann/json.hpp>

#include "app/posteria-cli/commands.h"
#include "core/engine/measure.h"

namespace posteria::cli {
namespace {

void measure(const Context& context, const engine::MeasureRequest& request) {
    std::unique_ptr<ConsoleProgress> progress;
    std::string stage;
    const auto quality = engine::measure(
        request,
        [&](const std::string& name, int done, int total) {
            if (name != stage) {
                stage = name;
                progress.reset();  // ends the line of the stage before
                progress.reset(new ConsoleProgress(stage, "fields", !context.quiet));
            }
            progress->update(done, total);
        },
        context.token);
    progress.reset();
    if (context.json) printJson(nlohmann::json::parse(quality));
    say(context,
        "The figures lie in the model's quality.json; posteria-cli models page shows "
        "those of every model.");
}

}  // namespace

void addMeasure(CLI::App& app, Context& context) {
    auto request = std::make_shared<engine::MeasureRequest>();
    CLI::App* command = addCommand(app, context, "measure",
                                   "Calibrate and measure a model on simulated held-out images",
                                   [&context, request] { measure(context, *request); });
    command
        ->add_option("MODEL", request->model, "A bundled model's name or a package; is written to")
        ->required();
    command
        ->add_option(
            "--only", request->parts,
            "Measure these parts, keep the figures of others: inputs, severity, posterior, "
            "blur, cost, trust (severity, posterior and blur)")
        ->check(CLI::IsMember(engine::kMeasureParts))
        ->type_name("PART");
    command->add_option("--threads", request->threads, "Processors to use (all)")->type_name("N");
}

}  // namespace posteria::cli
