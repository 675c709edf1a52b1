// posteria-cli calibrate: makes a model's standard deviations as large as its errors.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "app/posteria-cli/commands.h"
#include "core/engine/calibrate.h"

namespace posteria::cli {
namespace {

void calibrate(const Context& context, const engine::CalibrateRequest& request) {
    auto progress = context.progress("calibrating", "pairs");
    const auto json = nlohmann::json::parse(engine::calibrate(
        request, [&](int done, int total) { progress.update(done, total); }, context.token));
    if (context.json) {
        printJson(json);
        return;
    }
    for (const auto& channel : json["channels"]) {
        char line[80];
        std::snprintf(line, sizeof line, "standard deviation x %.3f %+.4f",
                      channel["scale"].get<double>(), channel["offset"].get<double>());
        std::string text = line;
        if (!channel["interval_90"].is_null()) {
            std::snprintf(line, sizeof line, ", 90 %% of the truth within %.2f times that",
                          channel["interval_90"].get<double>());
            text += line;
        }
        say(context, text);
    }
    say(context, "Kept with the model in " +
                     (request.package.empty() ? request.model : request.package) + ".");
}

}  // namespace

void addCalibrate(CLI::App& app, Context& context) {
    auto request = std::make_shared<engine::CalibrateRequest>();
    CLI::App* command = addCommand(app, context, "calibrate",
                                   "Fit a model's uncertainty to images with a known truth",
                                   [&context, request] { calibrate(context, *request); });
    command->add_option("--model", request->model, "A bundled model's name or a package")
        ->required()
        ->type_name("MODEL");
    command
        ->add_option("--pairs", request->pairs,
                     "Folder of input*.tif and truth*.tif, as simulate writes them")
        ->required()
        ->type_name("DIR");
    command
        ->add_option("-o,--output", request->package, "Write the calibrated model there (in place)")
        ->type_name("PACKAGE");
    command->add_option("--device", request->device, "auto, cpu, cuda or cuda:0 (auto)")
        ->type_name("D");
}

}  // namespace posteria::cli
