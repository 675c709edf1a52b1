#include "core/training/recipe.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/choices.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/sampling/sampler.h"
#include "core/training/role.h"

namespace posteria::training {

namespace {

using nlohmann::json;

constexpr int kUsualLatents = 16;

Error wrong(const std::string& path, const std::string& what) {
    return Error(ErrorKind::Usage, "The recipe is not right: " + what + ".", path,
                 "resources/models/README.md lists the fields.");
}

// Reads the fields of one object and refuses what nobody asked for.
class Fields {
  public:
    Fields(const json& object, std::string place, const std::string& path)
        : m_object(object), m_place(std::move(place)), m_path(path) {
        if (!object.is_object()) throw wrong(path, m_place + " is not an object");
    }

    template <class T>
    void optional(const char* key, T& value) {
        m_known.insert(key);
        const auto found = m_object.find(key);
        if (found == m_object.end()) return;
        try {
            value = found->get<T>();
        } catch (const json::exception&) {
            throw wrong(m_path, m_place + "." + key + " has the wrong type");
        }
    }
    template <class T>
    void required(const char* key, T& value) {
        if (!m_object.contains(key)) throw wrong(m_path, m_place + "." + key + " is missing");
        optional(key, value);
    }
    json object(const char* key) {
        m_known.insert(key);
        return m_object.value(key, json::object());
    }
    json list(const char* key) {
        m_known.insert(key);
        return m_object.value(key, json::array());
    }
    void finish() const {
        for (const auto& [key, value] : m_object.items()) {
            if (m_known.count(key) == 0) throw wrong(m_path, m_place + "." + key + " is not known");
        }
    }

  private:
    const json& m_object;
    std::string m_place;
    const std::string& m_path;
    std::set<std::string> m_known;
};

// Returns the name of the optics' model.
std::string readField(const json& object, const std::string& path,
                      simulation::FieldSettings& field) {
    Fields f(object, "field", path);
    f.optional("size", field.height);
    field.width = field.height;
    f.optional("planes", field.planes);
    std::string model = "gaussian";
    f.optional("optics", model);
    const auto& models = physics::Optics::models();
    const auto found = models.find(model);
    if (found == models.end())
        throw wrong(path, "field.optics is none of gaussian, gibson-lanni, vectorial");
    field.optics.model = found->second;
    f.optional("pixel_um", field.optics.pixelUm);
    f.optional("z_step_um", field.optics.zStepUm);
    f.optional("na", field.optics.na);
    f.optional("emission_nm", field.optics.emissionNm);
    f.optional("excitation_nm", field.optics.excitationNm);
    f.optional("pinhole_airy", field.optics.pinholeAiry);
    f.optional("refractive_index", field.optics.refractiveIndex);
    f.optional("density", field.density);
    f.optional("optics_spread", field.opticsSpread);
    f.optional("haze_share", field.hazeShare);
    f.finish();
    return model;
}

void readCamera(const json& object, const std::string& path, physics::Camera& camera) {
    Fields f(object, "camera", path);
    std::string kind = "sCMOS";
    f.optional("kind", kind);
    if (kind == "CCD") {
        camera.kind = physics::Camera::Kind::CCD;
    } else if (kind == "EMCCD") {
        camera.kind = physics::Camera::Kind::EMCCD;
    } else if (kind != "sCMOS") {
        throw wrong(path, "camera.kind is none of CCD, EMCCD, sCMOS");
    }
    f.optional("quantum_efficiency", camera.quantumEfficiency);
    f.optional("offset", camera.offset);
    f.optional("gain", camera.gain);
    f.optional("read_noise", camera.readNoise);
    f.optional("em_gain", camera.emGain);
    f.optional("full_well", camera.fullWell);
    f.optional("bits", camera.bits);
    f.finish();
}

NetworkRecipe readNetwork(const json& object, const std::string& path) {
    NetworkRecipe n;
    Fields f(object, "networks", path);
    f.required("role", n.spec.role);
    f.required("widths", n.spec.widths);
    f.optional("fold", n.spec.fold);
    f.optional("latents", n.spec.latents);
    f.optional("blocks", n.spec.blocks);
    f.optional("steps", n.steps);
    f.optional("batch", n.batch);
    f.optional("patch", n.patch);
    f.optional("final_share", n.finalShare);
    f.optional("final_batch", n.finalBatch);
    f.optional("final_patch", n.finalPatch);
    f.optional("learning_rate", n.learningRate);
    f.optional("final_learning_rate", n.finalLearningRate);
    f.optional("weight_decay", n.weightDecay);
    f.optional("clip_norm", n.clipNorm);
    f.optional("warmup", n.warmup);
    f.optional("ema", n.ema);
    f.optional("loop_share", n.loopShare);
    f.optional("around_mean", n.aroundMean);
    f.optional("min_severity", n.minSeverity);
    f.optional("max_severity", n.maxSeverity);
    f.finish();
    n.spec.file = n.spec.role + ".safetensors";
    return n;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

// Channels in and out and conditions follow from the role.
void shape(NetworkRecipe& recipe, const Task& task, const std::string& path) {
    auto& spec = recipe.spec;
    if (!isRole(spec.role)) throw wrong(path, "networks.role is none of " + joined(roleNames()));
    if (recipe.aroundMean && spec.role != "velocity")
        throw wrong(path, "only the network velocity can have around_mean");
    if (learnsStates(spec.role) && task.channels() != 1)
        throw wrong(path, "the network " + spec.role + " needs a task with one output");
    const bool ladder = learnsFromNoisyImages(spec.role);
    if (ladder && task.knowsSeverity())
        throw wrong(path, "the network " + spec.role + " needs the task denoise");
    if (!ladder && (spec.latents != 0 || spec.blocks != 1))
        throw wrong(path, "the network " + spec.role + " has no latents and blocks");
    if (ladder) {
        if (spec.latents == 0) spec.latents = kUsualLatents;
        for (const int width : spec.widths) {
            if (width != spec.widths.front())
                throw wrong(path, "the widths of " + spec.role + " are not all equal");
        }
    }
    shapeNetwork(spec, task.channels(), recipe.aroundMean);
}

package::CameraSpec cameraSpec(const physics::Camera& camera) {
    package::CameraSpec spec;
    const double electronGrey = camera.greyPerPhoton() / camera.quantumEfficiency;
    const double rounding = 1.0 / 12;
    spec.offset = camera.offset;
    spec.gain = (camera.kind == physics::Camera::Kind::EMCCD ? 2 : 1) * electronGrey;
    spec.variance = std::pow(camera.readNoise * camera.gain, 2) + rounding +
                    spec.gain * electronGrey * camera.darkElectrons;
    return spec;
}

package::OpticsSpec opticsSpec(const physics::Optics& optics, const std::string& model) {
    return {model,
            optics.na,
            optics.emissionNm,
            optics.excitationNm,
            optics.refractiveIndex,
            optics.pinholeAiry};
}

}  // namespace

const NetworkRecipe& Recipe::network(const std::string& role) const {
    for (const auto& n : networks) {
        if (n.spec.role == role) return n;
    }
    throw Error(ErrorKind::Usage, "The recipe has no network with the role '" + role + "'.");
}

Recipe readRecipe(const std::string& path) {
    return parseRecipe(readTextFile(path, 1 << 20), path);
}

Recipe parseRecipe(const std::string& text, const std::string& path) {
    Recipe recipe;
    recipe.text = text;
    const json root = json::parse(recipe.text, nullptr, false, true);
    if (root.is_discarded()) throw wrong(path, "it is not JSON");
    auto& p = recipe.package;
    Fields f(root, "recipe", path);
    p.task = "split";
    f.required("name", p.name);
    f.optional("title", p.title);
    f.optional("description", p.description);
    f.optional("task", p.task);
    recipe.task = findTask(p.task);
    if (!recipe.task)
        throw Error(ErrorKind::Usage, "There is no task '" + p.task + "' to train.", path,
                    choices(taskNames()));
    p.defaultSeverity = recipe.task->usualSeverity();
    f.optional("licence", p.licence);
    f.optional("cite", p.cite);
    f.optional("tile", p.tile);
    f.optional("overlap", p.overlap);
    f.optional("indi_noise", p.indiNoise);
    f.required("scenes", recipe.scenes);
    for (const auto& item : f.list("outputs")) {
        Fields o(item, "outputs", path);
        std::string name, color = "#ffffff";
        o.required("name", name);
        o.optional("color", color);
        o.finish();
        p.outputs.push_back(name);
        try {
            p.colors.push_back(
                static_cast<std::uint32_t>(std::stoul(color.substr(1), nullptr, 16)));
        } catch (const std::exception&) {
            throw wrong(path, "outputs.color is not written #rrggbb");
        }
    }
    for (const auto& item : f.list("samplers")) {
        package::SamplerSpec sampler;
        Fields s(item, "samplers", path);
        s.required("name", sampler.name);
        s.optional("steps", sampler.steps);
        s.optional("samples", sampler.samples);
        s.finish();
        p.samplers.push_back(sampler);
    }
    const auto opticsModel = readField(f.object("field"), path, recipe.field);
    readCamera(f.object("camera"), path, recipe.camera);
    f.optional("from_dark", p.fromDark);
    f.optional("deblur_na", recipe.deblurNa);
    f.optional("matrix", p.matrix);
    f.optional("min_photons", recipe.minPhotons);
    f.optional("max_photons", recipe.maxPhotons);
    if (!recipe.task->knowsSeverity()) recipe.minSeverity = recipe.maxSeverity = 0;
    recipe.maxSeverity = std::max(recipe.maxSeverity, recipe.task->usualSeverity());
    f.optional("min_severity", recipe.minSeverity);
    f.optional("max_severity", recipe.maxSeverity);
    f.optional("default_severity", p.defaultSeverity);
    f.optional("usual_share", recipe.usualShare);
    f.optional("severity_normalisation", recipe.severityNormalisation);
    f.optional("fields", recipe.fields);
    f.optional("validation_fields", recipe.validationFields);
    f.optional("test_fields", recipe.testFields);
    f.optional("seed", recipe.seed);
    for (const auto& item : f.list("networks"))
        recipe.networks.push_back(readNetwork(item, path));
    f.finish();

    const auto scenes = static_cast<std::size_t>(recipe.task->scenes());
    if (recipe.scenes.size() < scenes || (scenes > 1 && recipe.scenes.size() > scenes) ||
        p.outputs.size() != static_cast<std::size_t>(recipe.task->channels())) {
        throw wrong(path, "the task " + p.task + " takes " + std::to_string(recipe.task->scenes()) +
                              " scenes and " + std::to_string(recipe.task->channels()) +
                              " outputs");
    }
    if (recipe.networks.empty() || p.samplers.empty())
        throw wrong(path, "networks or samplers are missing");
    if (recipe.fields < 1 || recipe.validationFields < 1 || recipe.testFields < 1) {
        throw wrong(path, "each set needs at least one field");
    }
    if (!(recipe.minPhotons > 0) || recipe.maxPhotons < recipe.minPhotons)
        throw wrong(path, "photons are out of order");
    if (recipe.minSeverity < 0 || recipe.maxSeverity > 1 ||
        recipe.maxSeverity < recipe.minSeverity || p.defaultSeverity < recipe.minSeverity ||
        p.defaultSeverity > recipe.maxSeverity) {
        throw wrong(path, "severities are out of order");
    }
    if (p.fromDark && p.outputs.size() != 1) throw wrong(path, "from_dark is for one output");
    if (recipe.severityNormalisation && p.outputs.size() != 2)
        throw wrong(path, "severity_normalisation is for two outputs");
    if (recipe.deblurNa < 0 || recipe.deblurNa > recipe.field.optics.na)
        throw wrong(path, "deblur_na is not between 0 and field.na");
    for (const auto& row : p.matrix) {
        if (row.size() != p.outputs.size())
            throw wrong(path, "a row of matrix has not one number an output");
    }
    p.camera = cameraSpec(recipe.camera);
    if (p.task == "dehaze") p.optics = opticsSpec(recipe.field.optics, opticsModel);
    p.minSeverity = recipe.minSeverity;
    p.maxSeverity = recipe.maxSeverity;
    p.voxelSizeUm = recipe.field.optics.pixelUm;
    p.normalisation = p.fromDark ? "camera offset and plane standard deviation"
                      : recipe.severityNormalisation
                          ? "plane mean and standard deviation, clean channels by severity"
                          : "plane mean and standard deviation";
    p.severityLaw = recipe.task->severityLaw();
    for (auto& n : recipe.networks) {
        shape(n, *recipe.task, path);
        const auto size = recipe.field.height;
        if (n.patch < 16 || n.patch > size || n.batch < 1 || n.steps < 1) {
            throw wrong(path, "batch, patch or steps of " + n.spec.role + " are out of range");
        }
        if (n.finalShare < 0 || n.finalShare > 1 ||
            (n.finalShare > 0 && (n.finalPatch < 16 || n.finalPatch > size || n.finalBatch < 1))) {
            throw wrong(path, "the final patches of " + n.spec.role + " are out of range");
        }
        if (n.loopShare < 0 || n.loopShare > 1)
            throw wrong(path, "loop_share of " + n.spec.role + " is not between 0 and 1");
        if (n.loopShare > 0 && n.spec.role != "restore")
            throw wrong(path, "loop_share is for the network restore");
        if (n.minSeverity < 0 || n.maxSeverity > 1 || n.maxSeverity < n.minSeverity)
            throw wrong(path, "severities of " + n.spec.role + " are out of order");
        p.networks.push_back(n.spec);
    }
    for (const auto& n : recipe.networks) {
        if (n.aroundMean && !p.network("oneshot"))
            throw wrong(path, "around_mean needs a network oneshot beside it");
        if (n.loopShare > 0 && !p.network("degrade"))
            throw wrong(path, "loop_share needs a network degrade beside it");
    }
    for (const auto& sampler : p.samplers) {
        for (const auto& role : sampling::networkRoles(sampler.name)) {
            if (!p.network(role))
                throw wrong(path, "the sampler " + sampler.name + " needs a network " + role);
        }
    }
    return recipe;
}

std::uint64_t trainingSeed(const Recipe& recipe) {
    return recipe.seed * 1000003ull;
}
std::uint64_t validationSeed(const Recipe& recipe) {
    return trainingSeed(recipe) + 500000;
}
std::uint64_t testSeed(const Recipe& recipe) {
    return trainingSeed(recipe) + 600000;
}

}  // namespace posteria::training
