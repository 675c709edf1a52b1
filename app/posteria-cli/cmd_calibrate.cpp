// posteria-cli calibrate: makes a model's standard deviations as large as its errors.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "app/posteria-cli/commands.h"
#include "core/engine/calibrate.h"

namespace posteria::cli {
namespace {

struct Options {
    engine::CalibrateRequest request;
    std::string pairs;
};

void calibrate(const Context& context, const Options& options) {
    auto request = options.request;
    package::findPackage(request.settings.model);
    request.pairs = engine::pairsIn(options.pairs);
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
                     (request.package.empty() ? request.settings.model : request.package) + ".");
}

}  // namespace

void addCalibrate(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command = addCommand(app, context, "calibrate",
                                   "Fit a model's uncertainty to images with a known truth",
                                   [&context, options] { calibrate(context, *options); });
    auto& settings = options->request.settings;
    command->add_option("--model", settings.model, "A bundled model's name or a package")
        ->required()
        ->type_name("MODEL");
    command
        ->add_option("--pairs", options->pairs,
                     "Folder of input*.tif and truth*.tif, as simulate writes them")
        ->required()
        ->type_name("DIR");
    command
        ->add_option("-o,--output", options->request.package,
                     "Write the calibrated model there (in place)")
        ->type_name("PACKAGE");
    command
        ->add_option("--sampler", settings.sampler,
                     "What the calibration is to hold for (the model's first)")
        ->type_name("NAME");
    command->add_option("--steps", settings.steps, "Its steps, likewise (the model's default)")
        ->check(CLI::Range(1, 1000))
        ->type_name("K");
    command
        ->add_option("--samples", settings.samples,
                     "Samples drawn for the fit (the model's default)")
        ->check(CLI::Range(2, 1000))
        ->type_name("N");
    command
        ->add_option("--severity", settings.severity,
                     "Of images whose folder does not tell it (estimated)")
        ->check(CLI::Range(0.0, 1.0))
        ->type_name("T");
    command->add_option("--seed", settings.seed, "The same seed gives the same samples (0)")
        ->type_name("S");
    command->add_option("--device", settings.device, "auto, cpu, cuda or cuda:0 (auto)")
        ->type_name("D");
}

}  // namespace posteria::cli
