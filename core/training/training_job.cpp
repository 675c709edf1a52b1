#include "core/training/training_job.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/base/version.h"
#include "core/nn/safetensors.h"
#include "core/tensor/device.h"
#include "core/tensor/torch_compat.h"
#include "core/training/input_statistics.h"
#include "core/training/residual.h"

namespace posteria::training {

namespace fs = std::filesystem;

namespace {

std::string checkpointFile(const std::string& folder, const std::string& role) {
    return folder + "/" + role + ".checkpoint.safetensors";
}

// The package's weights are the averaged ones, as float16.
void writeTrainedPackage(const Recipe& recipe, const package::ModelPackage& description,
                         const std::string& packageFolder, const std::string& workFolder) {
    package::ModelPackage package = description;
    package.folder = packageFolder;
    ensureFolder(packageFolder);
    nlohmann::ordered_json training;
    training["posteria"] = kVersion;
    training["torch"] = tensor::kTorchVersion;
    training["recipe"] = nlohmann::ordered_json::parse(recipe.text, nullptr, true, true);
    for (const auto& network : recipe.networks) {
        const auto file = checkpointFile(workFolder, network.spec.role);
        nn::writeSafetensors(packageFolder + "/" + network.spec.file, averagedWeights(file),
                             at::kHalf);
        auto numbers = nn::readSafetensorsMetadata(file);
        training["networks"][network.spec.role] = {{"steps", std::stoll(numbers["step"])},
                                                   {"seconds", std::stod(numbers["seconds"])},
                                                   {"loss", std::stod(numbers["loss"])}};
    }
    package.trainingJson = training.dump();
    package::writePackage(package);
}

// A flow around the mean is trained against the one-shot network as it will ship. Returns that
// network's fingerprint; empty when the flow needs none.
std::string prepareFlow(nn::Model& model, const FieldPool& pool, const std::string& workFolder) {
    const auto& networks = pool.recipe().networks;
    if (std::none_of(networks.begin(), networks.end(), [](const auto& n) { return n.aroundMean; }))
        return {};
    const auto checkpoint = checkpointFile(workFolder, "oneshot");
    if (!fs::exists(checkpoint)) {
        throw Error(ErrorKind::Usage, "The network 'velocity' is trained after 'oneshot'.",
                    workFolder, "Train the network 'oneshot' first.");
    }
    model.network("oneshot").setWeights(averagedWeights(checkpoint));
    measureResidual(model, pool);
    return sha256OfFile(checkpoint);
}

// The loop whose states the network restore sees at last takes the network degrade as it will ship.
void prepareLoop(nn::Model& model, const NetworkRecipe& network, const std::string& workFolder) {
    if (network.loopShare == 0) return;
    const auto checkpoint = checkpointFile(workFolder, "degrade");
    if (!fs::exists(checkpoint)) {
        throw Error(ErrorKind::Usage, "The network 'restore' sees the loop after 'degrade'.",
                    workFolder, "Train the network 'degrade' first.");
    }
    model.network("degrade").setWeights(averagedWeights(checkpoint));
}

// Networks without a checkpoint get one of a package that this recipe, or one of the same networks,
// made: its weights after its steps.
void startFrom(const std::string& packageFolder, const Recipe& recipe,
               const std::string& workFolder) {
    const auto source = package::readPackage(packageFolder);
    package::checkPackage(source);
    const auto training = nlohmann::json::parse(source.trainingJson, nullptr, false);
    for (const auto& network : recipe.networks) {
        const auto& role = network.spec.role;
        const auto file = checkpointFile(workFolder, role);
        const auto* spec = source.network(role);
        if (fs::exists(file) || !spec) continue;
        TrainingRecord record;
        try {
            const auto& numbers = training.at("networks").at(role);
            record = {numbers.at("steps"), numbers.at("seconds"), numbers.at("loss"), {}};
        } catch (const nlohmann::json::exception&) {
            throw Error(ErrorKind::Model,
                        "The package does not say how long its network '" + role + "' was trained.",
                        packageFolder, "Train without --start.");
        }
        const auto oneShot = checkpointFile(workFolder, "oneshot");
        if (network.aroundMean && fs::exists(oneShot)) record.guide = sha256OfFile(oneShot);
        writeCheckpoint(file, nn::readSafetensors(packageFolder + "/" + spec->file), record);
    }
}

// Whether every network is trained, a flow around the mean beside the one-shot network of now.
bool isComplete(const Recipe& recipe, const std::string& workFolder) {
    return std::all_of(recipe.networks.begin(), recipe.networks.end(), [&](const auto& network) {
        const auto file = checkpointFile(workFolder, network.spec.role);
        return fs::exists(file) &&
               (!network.aroundMean || nn::readSafetensorsMetadata(file)["guide"] ==
                                           sha256OfFile(checkpointFile(workFolder, "oneshot")));
    });
}

}  // namespace

bool runTraining(const TrainingJob& job, const CancelToken& token, const JobObserver& observer) {
    const Recipe recipe = readRecipe(job.recipe);
    const std::string work = job.package + ".training";
    ensureFolder(work);
    if (!job.start.empty()) startFrom(job.start, recipe, work);
    std::vector<std::string> roles = job.roles;
    if (roles.empty()) {
        for (const auto& network : recipe.networks)
            roles.push_back(network.spec.role);
    }
    for (const auto& role : roles) {
        recipe.network(role);
        if (!job.resume && job.start.empty() && fs::exists(checkpointFile(work, role))) {
            throw Error(ErrorKind::Usage,
                        "A training of the network '" + role + "' lies there already.", work,
                        "Add --resume to go on, or choose another package name.");
        }
    }
    const FieldPool pool(recipe, work + "/fields.safetensors", token, [&](int done, int total) {
        observer.onStage("simulating fields", done, total);
    });
    package::ModelPackage description = recipe.package;
    description.targetMean = pool.targetMean();
    description.targetStd = pool.targetStd();
    description.severityScale = pool.severityScale();
    nn::Model model(description, recipe.seed);
    model.to(tensor::parseDevice(job.device), at::kFloat);
    for (const auto& role : roles) {
        const auto guide = role == "velocity" ? prepareFlow(model, pool, work) : std::string();
        if (role == "restore") prepareLoop(model, recipe.network(role), work);
        Trainer trainer(model, pool, role, checkpointFile(work, role),
                        job.resume || !job.start.empty(), guide);
        trainer.run(job.limits, token, observer.onStep);
        log::info(role + ": drawing batches took " + std::to_string(100 * trainer.drawShare()) +
                  " % of the time.");
        token.throwIfCancelled();
    }
    if (!isComplete(recipe, work)) return false;
    if (model.package().residualVariance.empty()) prepareFlow(model, pool, work);
    description.meanGain = model.package().meanGain;
    description.residualVariance = model.package().residualVariance;
    description.residualSpectrum = model.package().residualSpectrum;
    description.inputStatistics = measureInputs(recipe, token, [&](int done, int total) {
        observer.onStage("input statistics", done, total);
    });
    writeTrainedPackage(recipe, description, job.package, work);
    return true;
}

}  // namespace posteria::training
