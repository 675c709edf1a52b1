// posteria-cli simulate: fields with a known truth, as input_k and truth_k OME-TIFF files.
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/posteria-cli/commands.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/simulate.h"

namespace posteria::cli {
namespace {

struct Options {
    engine::SimulationRequest request;
    std::string size = "256x256", config;
    double severity = -1;
};

// "512" or "HxW".
void readSize(const std::string& text, engine::SimulationRequest& request) {
    std::istringstream in(text);
    char times = 'x';
    in >> request.height;
    request.width = request.height;
    if (!in.eof()) in >> times >> request.width;
    if (in.fail() || times != 'x' || !(in >> std::ws).eof())
        throw Error(ErrorKind::Usage, "\"" + text + "\" is no image size.", "--size",
                    "Write height and width in pixels as 512x512.");
}

void simulate(const Context& context, const Options& options) {
    auto request = options.request;
    readSize(options.size, request);
    if (options.severity >= 0) request.severity = options.severity;
    if (!options.config.empty()) {
        request.configJson = readTextFile(options.config);
        request.configName = options.config;
    }
    auto progress = context.progress("simulate", "fields");
    engine::simulate(
        request,
        [&](int done, int count) {
            progress.update(static_cast<double>(done), static_cast<double>(count));
        },
        context.token);
    if (context.json)
        printJson(nlohmann::json::parse(readTextFile(request.outputFolder + "/simulation.json")));
    say(context, std::to_string(request.count) + (request.count == 1 ? " field" : " fields") +
                     " and simulation.json written to " + request.outputFolder);
}

}  // namespace

void addSimulate(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command =
        addCommand(app, context, "simulate", "Make microscope images with a known truth",
                   [&context, options] { simulate(context, *options); });
    auto& request = options->request;
    command->add_option("--task", request.task, "split, bleedthrough, dehaze or denoise (split)")
        ->check(CLI::IsMember({"split", "bleedthrough", "dehaze", "denoise"}));
    command
        ->add_option("--scene", request.scenes,
                     "filaments, vesicles, nuclei, mitochondria, neurons, membranes or actin; two "
                     "for split and bleedthrough, separated by a comma")
        ->delimiter(',')
        ->type_name("NAME");
    command->add_option("--count", request.count, "Number of fields (1)")->type_name("K");
    command->add_option("--size", options->size, "Height and width in pixels (256x256)")
        ->type_name("HxW");
    command->add_option("--planes", request.planes, "Planes of the written stack (1)")
        ->type_name("Z");
    command->add_option("--seed", request.seed, "The same seed gives the same files (0)")
        ->type_name("S");
    command
        ->add_option("--severity", options->severity,
                     "0 is clean, 1 fully degraded; for mixing the weight of the second scene "
                     "(split 0.5, bleedthrough 0.15, dehaze 1)")
        ->check(CLI::Range(0.0, 1.0))
        ->type_name("T");
    command
        ->add_option("--photons", request.photons,
                     "Photons expected at the brightest structures (300)")
        ->type_name("P");
    command
        ->add_option("--config", options->config,
                     "Microscope settings, as the parts optics, camera and scene of a "
                     "simulation.json; scene.swc names the SWC file of a neuron to draw")
        ->type_name("FILE.json");
    command->add_option("-o,--output", request.outputFolder, "The folder to write to")
        ->required()
        ->type_name("DIR");
}

}  // namespace posteria::cli
