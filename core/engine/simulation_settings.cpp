#include "core/engine/simulation_settings.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <variant>
#include <vector>

#include "core/base/choices.h"
#include "core/base/error.h"

namespace posteria::engine {

namespace {

using nlohmann::json;
using physics::Camera;

// A number of the settings with the range it may have.
struct Number {
    std::variant<double*, int*, std::int64_t*, std::uint64_t*> value;
    double least, most;
};

using Numbers = std::map<std::string, Number>;

// A setting in words.
struct Text {
    std::string value;
    std::function<bool(const std::string&)> set;  // false: not one of the choices
    std::string hint;
};

// One of a few names.
template <typename T>
Text choice(T& target, const std::map<std::string, T>& names) {
    Text text;
    std::vector<std::string> all;
    for (const auto& [name, value] : names) {
        if (value == target) text.value = name;
        all.emplace_back(name);
    }
    text.hint = choices(all);
    text.set = [&target, names](const std::string& given) {
        const auto found = std::find_if(names.begin(), names.end(),
                                        [&](const auto& name) { return name.first == given; });
        if (found != names.end()) target = found->second;
        return found != names.end();
    };
    return text;
}

// These two are the lists of keys: reading and writing go through them.
std::map<std::string, std::map<std::string, Text>> textsOf(SimulationSettings& s) {
    const auto setSwc = [&s](const std::string& path) {
        s.swc = path;
        return true;
    };
    return {{"optics", {{"model", choice(s.field.optics.model, physics::Optics::models())}}},
            {"camera",
             {{"kind", choice(s.camera.kind, {{"CCD", Camera::Kind::CCD},
                                              {"EMCCD", Camera::Kind::EMCCD},
                                              {"sCMOS", Camera::Kind::sCMOS}})}}},
            {"scene", {{"swc", {s.swc, setSwc, "Give the path of an SWC file."}}}}};
}

std::map<std::string, Numbers> numbersOf(SimulationSettings& s) {
    auto& optics = s.field.optics;
    auto& layers = optics.layers;
    auto& camera = s.camera;
    return {{"optics",
             {{"na", {&optics.na, 0.05, 1.7}},
              {"emission_nm", {&optics.emissionNm, 300, 1500}},
              {"excitation_nm", {&optics.excitationNm, 300, 1500}},
              {"refractive_index", {&optics.refractiveIndex, 1, 2}},
              {"pinhole_airy", {&optics.pinholeAiry, 0.1, 20}},
              {"pixel_um", {&optics.pixelUm, 0.01, 2}},
              {"z_step_um", {&optics.zStepUm, 0.01, 10}},
              {"coverslip_index", {&layers.coverslipIndex, 1, 2}},
              {"sample_index", {&layers.sampleIndex, 1, 2}},
              {"depth_um", {&layers.depthUm, 0, 1000}},
              {"coverslip_um", {&layers.coverslipUm, 1, 5000}},
              {"coverslip_error_um", {&layers.coverslipErrorUm, -100, 100}},
              {"working_distance_um", {&layers.workingDistanceUm, 1, 50000}},
              {"immersion_index_error", {&layers.immersionIndexError, -0.1, 0.1}},
              {"emission_spread", {&s.field.opticsSpread, 0, 1}}}},
            {"camera",
             {{"quantum_efficiency", {&camera.quantumEfficiency, 0.01, 1}},
              {"offset", {&camera.offset, 0, 60000}},
              {"gain", {&camera.gain, 1e-4, 1e4}},
              {"read_noise", {&camera.readNoise, 0, 1e4}},
              {"dark_electrons", {&camera.darkElectrons, 0, 1e6}},
              {"em_gain", {&camera.emGain, 1, 5000}},
              {"full_well", {&camera.fullWell, 1, 1e9}},
              {"bits", {&camera.bits, 1, 16}},
              {"pixel_map_seed", {&camera.pixelMapSeed, 0, 9007199254740991.0}}}},
            {"scene",
             {{"density", {&s.field.density, 0.01, 100}},
              {"haze_share", {&s.field.hazeShare, 0, 10}},
              {"volume_planes", {&s.field.planes, 1, 501}}}}};
}

}  // namespace

void applyConfiguration(SimulationSettings& settings, const std::string& text,
                        const std::string& where) {
    const auto fail = [&](const std::string& message, const std::string& hint = {}) {
        throw Error(ErrorKind::Input, message, where, hint);
    };
    if (text.empty()) return;
    const json document = json::parse(text, nullptr, false);
    if (!document.is_object()) fail("The simulation's configuration is not a JSON object.");
    auto groups = numbersOf(settings);
    const auto texts = textsOf(settings);
    for (const auto& [groupName, group] : document.items()) {
        const auto numbers = groups.find(groupName);
        if (numbers == groups.end() || !group.is_object())
            fail("\"" + groupName + "\" is not a part of the simulation's configuration.",
                 "Its parts are the objects optics, camera and scene.");
        for (const auto& [key, value] : group.items()) {
            const auto refuse = [&, name = "\"" + groupName + "." + key + "\""](
                                    const std::string& what, const std::string& hint) {
                fail(name + what, hint);
            };
            const auto& words = texts.at(groupName);
            if (const auto word = words.find(key); word != words.end()) {
                if (!value.is_string() || !word->second.set(value.get<std::string>()))
                    refuse(" has an impossible value.", word->second.hint);
                continue;
            }
            const auto number = numbers->second.find(key);
            if (number == numbers->second.end())
                refuse(" is not a setting of the simulation.",
                       "A simulation.json shows every setting there is.");
            const double given = value.is_number() ? value.get<double>() : NAN;
            const auto& range = number->second;
            std::visit(
                [&](auto* target) {
                    using T = std::remove_pointer_t<decltype(target)>;
                    const bool whole = std::is_same_v<T, double> || given == std::floor(given);
                    if (!(given >= range.least && given <= range.most) || !whole)
                        refuse(" has an impossible value.",
                               (std::is_same_v<T, double> ? "A number from "
                                                          : "A whole number from ") +
                                   json(range.least).dump() + " to " + json(range.most).dump() +
                                   " is expected.");
                    *target = static_cast<T>(given);
                },
                range.value);
        }
    }
    if (settings.field.optics.na >= settings.field.optics.refractiveIndex)
        fail("The numerical aperture must be below the refractive index.");
    const auto& layers = settings.field.optics.layers;
    if (layers.coverslipUm + layers.coverslipErrorUm <= 0)
        fail("The coverslip's error takes away its whole thickness.");
    if (!settings.swc.empty())
        settings.field.neuron =
            std::make_shared<const simulation::Morphology>(simulation::readSwc(settings.swc));
}

json toJson(const SimulationSettings& settings) {
    SimulationSettings copy = settings;
    json document;
    for (const auto& [groupName, numbers] : numbersOf(copy))
        for (const auto& [key, number] : numbers)
            std::visit([&](const auto* v) { document[groupName][key] = *v; }, number.value);
    for (const auto& [groupName, texts] : textsOf(copy))
        for (const auto& [key, text] : texts)
            document[groupName][key] = text.value;
    return document;
}

}  // namespace posteria::engine
