// posteria-cli train: from a recipe to a model package, stopped and resumed at will.
#include <memory>
#include <nlohmann/json.hpp>

#include "app/posteria-cli/commands.h"
#include "core/engine/train.h"

namespace posteria::cli {
namespace {

void train(const Context& context, const engine::TrainRequest& request) {
    std::unique_ptr<ConsoleProgress> progress;
    std::string stage;
    const std::string quality = engine::train(
        request,
        [&](const engine::TrainProgress& p) {
            if (p.stage != stage) {
                stage = p.stage;
                progress.reset();  // ends the line of the stage before
                progress.reset(new ConsoleProgress(
                    stage, stage.rfind("training", 0) == 0 ? "steps" : "fields", !context.quiet));
            }
            char note[32] = "";
            if (p.loss >= 0) std::snprintf(note, sizeof note, "loss %.4f", p.loss);
            progress->update(static_cast<double>(p.done), static_cast<double>(p.total), note);
        },
        context.token);
    progress.reset();
    if (quality.empty()) {
        if (context.json) printJson({{"package", nullptr}, {"networks", request.networks}});
        say(context,
            "Trained; the package is written when every network of the recipe has been trained.");
        return;
    }
    if (context.json)
        printJson({{"package", request.package}, {"quality", nlohmann::json::parse(quality)}});
    say(context, "Model package written to " + request.package +
                     "; held-out figures lie in its quality.json.");
}

}  // namespace

void addTrain(CLI::App& app, Context& context) {
    auto request = std::make_shared<engine::TrainRequest>();
    CLI::App* command = addCommand(app, context, "train", "Train a model on simulated images",
                                   [&context, request] { train(context, *request); });
    command->add_option("recipe", request->recipe, "The recipe, a JSON file")
        ->required()
        ->type_name("RECIPE.json");
    command->add_option("-o,--output", request->package, "The package to write, NAME.posteria")
        ->required()
        ->type_name("PACKAGE");
    command->add_option("--device", request->device, "auto, cpu, cuda or cuda:0 (auto)")
        ->type_name("D");
    auto* minutes =
        command->add_option("--minutes", request->minutes, "Stop each network after that time")
            ->type_name("M");
    command
        ->add_option("--steps", request->steps,
                     "Steps of each network, over all calls (the recipe's)")
        ->excludes(minutes)
        ->type_name("N");
    command->add_option("--networks", request->networks, "Roles to train in this call (all)")
        ->delimiter(',')
        ->type_name("LIST");
    command->add_option("--threads", request->threads, "Processors to use (all)")->type_name("N");
    command
        ->add_option("--start", request->start,
                     "Start from the weights of that package, where there is no checkpoint yet")
        ->type_name("PACKAGE");
    command->add_flag("--resume", request->resume, "Go on from the checkpoints beside the package");
}

}  // namespace posteria::cli
