// posteria-cli models [list|show MODEL|check MODEL|page]
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/posteria-cli/commands.h"
#include "app/posteria-cli/quality_page.h"
#include "core/base/file.h"
#include "core/package/model_package.h"

namespace posteria::cli {
namespace {

using nlohmann::json;

json parsedOrNull(const std::string& text) {
    return text.empty() ? json() : json::parse(text, nullptr, false);
}

std::string colorText(std::uint32_t color) {
    char text[8];
    std::snprintf(text, sizeof text, "#%06x", color & 0xffffffu);
    return text;
}

json describe(const package::ModelPackage& model) {
    json outputs = json::array(), networks = json::array(), samplers = json::array();
    for (std::size_t i = 0; i < model.outputs.size(); ++i) {
        outputs.push_back(
            {{"name", model.outputs[i]},
             {"color", i < model.colors.size() ? json(colorText(model.colors[i])) : json()}});
    }
    for (const auto& n : model.networks) {
        networks.push_back({{"role", n.role},
                            {"architecture", n.architecture},
                            {"file", n.file},
                            {"widths", n.widths},
                            {"fold", n.fold},
                            {"in_channels", n.inChannels},
                            {"out_channels", n.outChannels},
                            {"sha256", n.sha256}});
    }
    for (const auto& s : model.samplers) {
        samplers.push_back({{"name", s.name}, {"steps", s.steps}, {"samples", s.samples}});
    }
    return {{"name", model.name},
            {"title", model.title},
            {"description", model.description},
            {"task", model.task},
            {"path", model.folder},
            {"outputs", outputs},
            {"networks", networks},
            {"samplers", samplers},
            {"severity",
             {{"default", model.defaultSeverity},
              {"min", model.minSeverity},
              {"max", model.maxSeverity}}},
            {"voxel_size_um", model.voxelSizeUm > 0 ? json(model.voxelSizeUm) : json()},
            {"tile", model.tile},
            {"overlap", model.overlap},
            {"licence", model.licence},
            {"cite", model.cite},
            {"sha256", package::packageSha256(model)},
            {"training", parsedOrNull(model.trainingJson)},
            {"quality", parsedOrNull(model.qualityJson)},
            {"calibration", parsedOrNull(model.calibrationJson)}};
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

void list(const Context& context) {
    const auto models = package::listPackages();
    if (context.json) {
        json all = json::array();
        for (const auto& model : models)
            all.push_back(describe(model));
        printJson({{"models", all}});
        return;
    }
    if (models.empty()) say(context, "No models found in " + joined(package::modelFolders()) + ".");
    for (const auto& model : models)
        say(context, model.name + "  (" + model.task + ")  " + model.title);
}

void show(const Context& context, const std::string& name) {
    const auto model = package::findPackage(name);
    if (context.json) {
        printJson(describe(model));
        return;
    }
    say(context, model.name + ": " + model.title);
    if (!model.description.empty()) say(context, model.description);
    say(context, "task      " + model.task);
    say(context, "restores  " + joined(model.outputs));
    for (const auto& sampler : model.samplers) {
        say(context, "sampler   " + sampler.name + ", " + std::to_string(sampler.steps) +
                         " steps, " + std::to_string(sampler.samples) + " samples");
    }
    say(context, "lies in   " + model.folder);
    say(context, "licence   " + model.licence);
}

void check(const Context& context, const std::string& name) {
    const auto model = package::findPackage(name);
    package::checkPackage(model);
    if (context.json) {
        printJson({{"name", model.name},
                   {"path", model.folder},
                   {"ok", true},
                   {"sha256", package::packageSha256(model)}});
    }
    say(context, model.name + ": every file is whole.");
}

void page(const Context& context, const std::vector<std::string>& names, const std::string& file) {
    std::vector<package::ModelPackage> models;
    for (const auto& name : names)
        models.push_back(package::findPackage(name));
    if (names.empty()) models = package::listPackages();
    const auto text = qualityPage(models);
    if (file.empty()) {
        std::fputs(text.c_str(), stdout);
        return;
    }
    writeTextFile(file, text);
    say(context, "Written to " + file + ".");
}

}  // namespace

void addModels(CLI::App& app, Context& context) {
    CLI::App* models =
        addCommand(app, context, "models", "List, show, check or compare model packages",
                   [&context] { list(context); });
    models->require_subcommand(0, 1);
    auto name = std::make_shared<std::string>();
    addCommand(*models, context, "list", "Every model found", [&context] { list(context); });
    addCommand(*models, context, "show", "What a model is and how it was made",
               [&context, name] { show(context, *name); })
        ->add_option("MODEL", *name, "A bundled model's name or a package's path")
        ->required();
    auto names = std::make_shared<std::vector<std::string>>();
    auto file = std::make_shared<std::string>();
    CLI::App* pageCommand =
        addCommand(*models, context, "page", "The held-out figures of models as a page, Markdown",
                   [&context, names, file] { page(context, *names, *file); });
    pageCommand->add_option("MODEL", *names,
                            "Bundled models' names or packages' paths (all found)");
    pageCommand->add_option("-o,--output", *file, "The file to write (printed)")->type_name("FILE");
    addCommand(*models, context, "check", "Compare every file with its fingerprint",
               [&context, name] { check(context, *name); })
        ->add_option("MODEL", *name, "A bundled model's name or a package's path")
        ->required();
}

}  // namespace posteria::cli
