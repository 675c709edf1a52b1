#include "core/engine/simulate.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <new>
#include <nlohmann/json.hpp>

#include "core/base/choices.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/version.h"
#include "core/engine/simulation_settings.h"
#include "core/io/ome_tiff_writer.h"
#include "core/physics/mixing.h"
#include "core/simulation/scene.h"
#include "core/tensor/convert.h"
#include "core/tensor/random.h"

namespace posteria::engine {

namespace {

using nlohmann::json;

constexpr std::uint64_t kCameraStream = 64;
constexpr std::int64_t kThickPlanes = 25;  // of a volume to be dehazed: there must be haze

// What a request means once the task's own values are filled in.
struct Plan {
    std::vector<std::string> scenes;
    double severity = 0;
    bool mixed = false, hazy = false;
    SimulationSettings settings;
};

// Below 2^53, so that every reader of the JSON gets it back exactly.
std::uint64_t derivedSeed(std::uint64_t seed, std::uint64_t index) {
    std::uint64_t z = seed + 0x9e3779b97f4a7c15ull * (index + 1);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return (z ^ (z >> 31)) >> 11;
}

Plan makePlan(const SimulationRequest& request) {
    const auto refuse = [](const std::string& message, const std::string& hint) {
        throw Error(ErrorKind::Usage, message, {}, hint);
    };
    Plan plan;
    plan.mixed = request.task == "split" || request.task == "bleedthrough";
    plan.hazy = request.task == "dehaze";
    if (!plan.mixed && !plan.hazy && request.task != "denoise")
        refuse("There is no simulation task \"" + request.task + "\".",
               "Choose split, bleedthrough, dehaze or denoise.");
    const std::size_t channels = plan.mixed ? 2 : 1;
    plan.scenes = request.scenes;
    const std::vector<std::string> usual{"filaments", "vesicles"};
    if (plan.scenes.empty())
        plan.scenes.assign(usual.begin(), usual.begin() + static_cast<long>(channels));
    if (plan.scenes.size() != channels)
        refuse("The task " + request.task + " takes " + (plan.mixed ? "two scenes." : "one scene."),
               "Give the scenes separated by a comma.");
    const auto& names = simulation::sceneNames();
    for (const auto& scene : plan.scenes)
        if (std::find(names.begin(), names.end(), scene) == names.end())
            refuse("There is no simulated scene \"" + scene + "\".", choices(names));
    if (request.task == "denoise" && request.severity)
        refuse("The task denoise has no severity.", "The number of photons sets the noise.");
    plan.severity = request.severity.value_or(request.task == "split"          ? 0.5
                                              : request.task == "bleedthrough" ? 0.15
                                              : plan.hazy                      ? 1.0
                                                                               : 0.0);
    if (!(plan.severity >= 0 && plan.severity <= 1))
        refuse("The severity lies between 0 (clean) and 1 (fully degraded).", "");
    if (!(request.photons > 0 && request.photons <= 1e7))
        refuse("The number of photons must be positive.", "Usual values lie between 30 and 1000.");
    if (request.count < 1 || request.count > 100000 || request.height < 16 || request.width < 16 ||
        request.height > 8192 || request.width > 8192 || request.planes < 1 || request.planes > 500)
        refuse("This number or size of fields cannot be simulated.",
               "Sizes are 16 to 8192 pixels, 1 to 500 planes, 1 to 100000 fields.");
    if (plan.hazy) plan.settings.field.planes = kThickPlanes;
    applyConfiguration(plan.settings, request.configJson, request.configName);
    if (!plan.settings.swc.empty() &&
        std::find(plan.scenes.begin(), plan.scenes.end(), "neurons") == plan.scenes.end())
        refuse("A neuron's SWC file is given, but no scene shows neurons.",
               "Choose the scene neurons, or leave out scene.swc.");
    plan.settings.field.height = request.height;
    plan.settings.field.width = request.width;
    return plan;
}

// One field, [Z, Y, X] each, in photons.
struct Field {
    std::uint64_t seed = 0;
    std::vector<std::uint64_t> channelSeeds;
    std::vector<at::Tensor> truth;
    at::Tensor input;
    double photonsPerUnit = 0;  // photons for one unit of relative brightness
    double emissionNm = 0;
};

Field makeField(const Plan& plan, const SimulationRequest& request, int index) {
    Field field;
    field.seed = derivedSeed(request.seed, static_cast<std::uint64_t>(index));
    for (std::size_t c = 0; c < plan.scenes.size(); ++c) {
        auto settings = plan.settings.field;
        settings.scene = plan.scenes[c];
        if (plan.hazy) settings.optics = physics::hazyOptics(settings.optics, 0);
        // Different scenes of one seed share their cells; the same scene twice needs another seed.
        const bool again = c > 0 && plan.scenes[c] == plan.scenes[0];
        field.channelSeeds.push_back(again ? derivedSeed(field.seed, c) : field.seed);
        field.truth.push_back(
            simulation::simulateCleanStack(settings, request.planes, field.channelSeeds[c]));
    }
    field.emissionNm = simulation::fieldOptics(plan.settings.field, field.seed).emissionNm;
    if (plan.mixed) {
        const auto clean = torch::stack(field.truth, 1);  // planes are the batch
        const auto severity = torch::full({clean.size(0)}, plan.severity, torch::kFloat);
        field.input = physics::Mixing().apply(clean, severity).squeeze(1);
    } else if (plan.hazy) {
        auto settings = plan.settings.field;
        settings.scene = plan.scenes[0];
        settings.optics = physics::hazyOptics(settings.optics, plan.severity);
        field.input = simulation::simulateCleanStack(settings, request.planes, field.seed);
    } else {
        field.input = field.truth[0];
    }
    const auto rank =
        static_cast<std::int64_t>(std::ceil(0.999 * static_cast<double>(field.input.numel())));
    const double bright = std::get<0>(field.input.flatten().kthvalue(rank)).item<double>();
    field.photonsPerUnit = bright > 0 ? request.photons / bright : 0;
    field.input = field.input * field.photonsPerUnit;
    for (auto& truth : field.truth)
        truth = truth * field.photonsPerUnit;
    return field;
}

image::Plane toUInt16(const at::Tensor& grey) {
    void* memory = nullptr;
    const auto plane =
        image::Plane::allocate(image::PixelType::UInt16, grey.size(1), grey.size(0), &memory);
    const auto values = grey.contiguous();
    const float* from = values.data_ptr<float>();
    std::transform(from, from + values.numel(), static_cast<std::uint16_t*>(memory),
                   [](float v) { return static_cast<std::uint16_t>(v); });
    return plane;
}

image::StackInfo describe(const Plan& plan, const SimulationRequest& request, const Field& field) {
    image::StackInfo info;
    info.shape.z = request.planes;
    info.shape.y = request.height;
    info.shape.x = request.width;
    const auto& optics = plan.settings.field.optics;
    info.voxelSize = image::VoxelSize{optics.pixelUm, optics.pixelUm, optics.zStepUm};
    info.annotations = {{"simulation.task", request.task},
                        {"simulation.seed", std::to_string(field.seed)},
                        {"simulation.severity", json(plan.severity).dump()},
                        {"simulation.photons", json(request.photons).dump()}};
    return info;
}

void writeField(const Plan& plan, const SimulationRequest& request, const Field& field,
                const std::string& inputPath, const std::string& truthPath,
                const CancelToken& token) {
    const auto& camera = plan.settings.camera;
    auto info = describe(plan, request, field);
    info.name = "input";
    info.type = image::PixelType::UInt16;
    image::ChannelInfo channel;
    channel.name = plan.mixed ? plan.scenes[0] + " + " + plan.scenes[1] : plan.scenes[0];
    channel.emissionNm = field.emissionNm;
    info.channels = {channel};
    io::OmeTiffWriter input(inputPath, {info});
    for (std::int64_t z = 0; z < request.planes; ++z) {
        token.throwIfCancelled();
        auto generator =
            tensor::makeGenerator(field.seed, kCameraStream + static_cast<std::uint64_t>(z));
        input.writePlane(toUInt16(physics::expose(field.input[z], camera, generator)));
    }
    input.finish();

    info.name = "truth";
    info.type = image::PixelType::Float32;
    info.shape.c = static_cast<std::int64_t>(plan.scenes.size());
    info.channels.assign(plan.scenes.size(), channel);
    for (std::size_t c = 0; c < plan.scenes.size(); ++c) {
        info.channels[c].name = plan.scenes[c];
        if (plan.mixed) info.channels[c].color = c == 0 ? 0x00ff00 : 0xff00ff;
    }
    io::OmeTiffWriter truth(truthPath, {info});
    for (const auto& photons : field.truth)
        for (std::int64_t z = 0; z < request.planes; ++z) {
            token.throwIfCancelled();
            truth.writePlane(tensor::toPlane(photons[z] * camera.greyPerPhoton()));
        }
    truth.finish();
}

json report(const Plan& plan, const SimulationRequest& request) {
    json document = toJson(plan.settings);
    document["format"] = "posteria-simulation";
    document["version"] = 1;
    document["app_version"] = kVersion;
    document["task"] = request.task;
    document["scenes"] = plan.scenes;
    document["count"] = request.count;
    document["size"] = {request.height, request.width};
    document["planes"] = request.planes;
    document["seed"] = request.seed;
    document["severity"] = request.task == "denoise" ? json(nullptr) : json(plan.severity);
    document["photons"] = request.photons;
    document["grey_per_photon"] = plan.settings.camera.greyPerPhoton();
    if (!plan.settings.swc.empty()) document["swc_sha256"] = sha256OfFile(plan.settings.swc);
    document["fields"] = json::array();
    return document;
}

std::string numbered(const char* stem, int index) {
    char name[64];
    std::snprintf(name, sizeof name, "%s_%03d.ome.tif", stem, index);
    return name;
}

void run(const SimulationRequest& request, const SimulationProgress& progress,
         const CancelToken& token) {
    const Plan plan = makePlan(request);
    ensureFolder(request.outputFolder);
    json document = report(plan, request);
    for (int k = 0; k < request.count; ++k) {
        token.throwIfCancelled();
        const Field field = makeField(plan, request, k);
        const std::string input = numbered("input", k), truth = numbered("truth", k);
        writeField(plan, request, field, request.outputFolder + "/" + input,
                   request.outputFolder + "/" + truth, token);
        document["fields"].push_back({{"input", input},
                                      {"truth", truth},
                                      {"seed", field.seed},
                                      {"channel_seeds", field.channelSeeds},
                                      {"emission_nm", field.emissionNm},
                                      {"photons_per_unit", field.photonsPerUnit}});
        if (progress) progress(k + 1, request.count);
    }
    writeTextFile(request.outputFolder + "/simulation.json", document.dump(2) + "\n");
}

}  // namespace

void simulate(const SimulationRequest& request, const SimulationProgress& progress,
              const CancelToken& token) {
    try {
        run(request, progress, token);
    } catch (const c10::Error& error) {
        throw Error(ErrorKind::Failed, "The simulation failed inside LibTorch.",
                    error.what_without_backtrace());
    } catch (const std::bad_alloc&) {
        throw Error(ErrorKind::Failed, "There is not enough memory for a field of this size.", {},
                    "Choose a smaller size or fewer planes.");
    }
}

}  // namespace posteria::engine
