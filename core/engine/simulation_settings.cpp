#include "core/engine/simulation_settings.h"

#include <cmath>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <variant>
#include <vector>

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

const std::map<std::string, Camera::Kind> kCameraKinds{
    {"CCD", Camera::Kind::CCD}, {"EMCCD", Camera::Kind::EMCCD}, {"sCMOS", Camera::Kind::sCMOS}};

// The one list of keys: reading and writing go through it.
std::map<std::string, Numbers> numbersOf(SimulationSettings& s) {
    auto& optics = s.field.optics;
    auto& camera = s.camera;
    return {{"optics",
             {{"na", {&optics.na, 0.05, 1.7}},
              {"emission_nm", {&optics.emissionNm, 300, 1500}},
              {"excitation_nm", {&optics.excitationNm, 300, 1500}},
              {"refractive_index", {&optics.refractiveIndex, 1, 2}},
              {"pinhole_airy", {&optics.pinholeAiry, 0.1, 20}},
              {"pixel_um", {&optics.pixelUm, 0.01, 2}},
              {"z_step_um", {&optics.zStepUm, 0.01, 10}},
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
    for (const auto& [groupName, group] : document.items()) {
        const auto numbers = groups.find(groupName);
        if (numbers == groups.end() || !group.is_object())
            fail("\"" + groupName + "\" is not a part of the simulation's configuration.",
                 "Its parts are the objects optics, camera and scene.");
        for (const auto& [key, value] : group.items()) {
            if (groupName == "camera" && key == "kind") {
                const auto kind = value.is_string() ? kCameraKinds.find(value.get<std::string>())
                                                    : kCameraKinds.end();
                if (kind == kCameraKinds.end())
                    fail("This camera kind is not known.", "Choose CCD, EMCCD or sCMOS.");
                settings.camera.kind = kind->second;
                continue;
            }
            if (groupName == "scene" && key == "swc") {
                if (!value.is_string())
                    fail("\"scene.swc\" is not a text.", "Give the path of an SWC file.");
                settings.swc = value.get<std::string>();
                continue;
            }
            const auto number = numbers->second.find(key);
            if (number == numbers->second.end())
                fail("\"" + groupName + "." + key + "\" is not a setting of the simulation.",
                     "A simulation.json shows every setting there is.");
            const double given = value.is_number() ? value.get<double>() : NAN;
            const auto& range = number->second;
            std::visit(
                [&](auto* target) {
                    using T = std::remove_pointer_t<decltype(target)>;
                    const bool whole = std::is_same_v<T, double> || given == std::floor(given);
                    if (!(given >= range.least && given <= range.most) || !whole)
                        fail("\"" + groupName + "." + key + "\" has an impossible value.",
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
    for (const auto& [name, kind] : kCameraKinds)
        if (kind == settings.camera.kind) document["camera"]["kind"] = name;
    document["scene"]["swc"] = settings.swc;
    return document;
}

}  // namespace posteria::engine
