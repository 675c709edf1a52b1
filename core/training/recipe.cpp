#include "core/training/recipe.h"

#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "core/base/file.h"

namespace posteria::training {

namespace {

using nlohmann::json;

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

void readField(const json& object, const std::string& path, simulation::FieldSettings& field) {
    Fields f(object, "field", path);
    f.optional("size", field.height);
    field.width = field.height;
    f.optional("planes", field.planes);
    f.optional("pixel_um", field.optics.pixelUm);
    f.optional("z_step_um", field.optics.zStepUm);
    f.optional("na", field.optics.na);
    f.optional("emission_nm", field.optics.emissionNm);
    f.optional("refractive_index", field.optics.refractiveIndex);
    f.optional("density", field.density);
    f.optional("optics_spread", field.opticsSpread);
    f.optional("haze_share", field.hazeShare);
    f.finish();
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
    f.optional("steps", n.steps);
    f.optional("batch", n.batch);
    f.optional("patch", n.patch);
    f.optional("learning_rate", n.learningRate);
    f.optional("final_learning_rate", n.finalLearningRate);
    f.optional("weight_decay", n.weightDecay);
    f.optional("clip_norm", n.clipNorm);
    f.optional("warmup", n.warmup);
    f.optional("ema", n.ema);
    f.optional("around_mean", n.aroundMean);
    f.optional("min_severity", n.minSeverity);
    f.optional("max_severity", n.maxSeverity);
    f.finish();
    n.spec.file = n.spec.role + ".safetensors";
    return n;
}

// Channels in and out and conditions follow from the role.
void shapeNetwork(NetworkRecipe& recipe, int channels, const std::string& path) {
    auto& spec = recipe.spec;
    if (recipe.aroundMean && spec.role != "velocity")
        throw wrong(path, "only the network velocity can have around_mean");
    if (spec.role == "oneshot") {
        spec.inChannels = 1, spec.outChannels = channels, spec.conditions = 1;
    } else if (spec.role == "velocity") {
        spec.inChannels = (recipe.aroundMean ? 2 : 1) * channels + 1, spec.outChannels = channels,
        spec.conditions = 2;
    } else if (spec.role == "indi") {
        spec.inChannels = channels, spec.outChannels = channels, spec.conditions = 1;
    } else if (spec.role == "severity") {
        spec.inChannels = 1, spec.outChannels = 2, spec.conditions = 0;
    } else {
        throw wrong(path, "networks.role is none of oneshot, velocity, indi, severity");
    }
}

}  // namespace

const NetworkRecipe& Recipe::network(const std::string& role) const {
    for (const auto& n : networks) {
        if (n.spec.role == role) return n;
    }
    throw Error(ErrorKind::Usage, "The recipe has no network with the role '" + role + "'.");
}

Recipe readRecipe(const std::string& path) {
    Recipe recipe;
    recipe.text = readTextFile(path, 1 << 20);
    const json root = json::parse(recipe.text, nullptr, false, true);
    if (root.is_discarded()) throw wrong(path, "it is not JSON");
    auto& p = recipe.package;
    Fields f(root, "recipe", path);
    p.task = "split";
    f.required("name", p.name);
    f.optional("title", p.title);
    f.optional("description", p.description);
    f.optional("task", p.task);
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
    readField(f.object("field"), path, recipe.field);
    readCamera(f.object("camera"), path, recipe.camera);
    f.optional("min_photons", recipe.minPhotons);
    f.optional("max_photons", recipe.maxPhotons);
    f.optional("min_severity", recipe.minSeverity);
    f.optional("max_severity", recipe.maxSeverity);
    f.optional("middle_share", recipe.middleShare);
    f.optional("fields", recipe.fields);
    f.optional("validation_fields", recipe.validationFields);
    f.optional("test_fields", recipe.testFields);
    f.optional("seed", recipe.seed);
    for (const auto& item : f.list("networks"))
        recipe.networks.push_back(readNetwork(item, path));
    f.finish();

    if (p.task != "split") throw wrong(path, "only the task split can be trained so far");
    if (recipe.scenes.size() != 2 || p.outputs.size() != 2)
        throw wrong(path, "split needs two scenes and two outputs");
    if (recipe.networks.empty() || p.samplers.empty())
        throw wrong(path, "networks or samplers are missing");
    if (recipe.fields < 1 || recipe.validationFields < 1 || recipe.testFields < 1) {
        throw wrong(path, "each set needs at least one field");
    }
    if (!(recipe.minPhotons > 0) || recipe.maxPhotons < recipe.minPhotons)
        throw wrong(path, "photons are out of order");
    if (recipe.minSeverity < 0 || recipe.maxSeverity > 1 ||
        recipe.maxSeverity < recipe.minSeverity) {
        throw wrong(path, "severities are out of order");
    }
    p.minSeverity = recipe.minSeverity;
    p.maxSeverity = recipe.maxSeverity;
    p.voxelSizeUm = recipe.field.optics.pixelUm;
    p.normalisation = "plane mean and standard deviation";
    p.severityLaw = "t is the weight of the second channel: c_t = (1 - t) c_0 + t c_1";
    for (auto& n : recipe.networks) {
        shapeNetwork(n, static_cast<int>(recipe.scenes.size()), path);
        const auto size = recipe.field.height;
        if (n.patch < 16 || n.patch > size || n.batch < 1 || n.steps < 1) {
            throw wrong(path, "batch, patch or steps of " + n.spec.role + " are out of range");
        }
        if (n.minSeverity < 0 || n.maxSeverity > 1 || n.maxSeverity < n.minSeverity)
            throw wrong(path, "severities of " + n.spec.role + " are out of order");
        p.networks.push_back(n.spec);
    }
    for (const auto& n : recipe.networks) {
        if (n.aroundMean && !p.network("oneshot"))
            throw wrong(path, "around_mean needs a network oneshot beside it");
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
