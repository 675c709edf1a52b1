#include "core/package/calibration.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/error.h"

namespace posteria::package {

namespace {

// null and nothing at all mean that it is not known.
double factor(const nlohmann::json& channel, const char* key) {
    const auto found = channel.find(key);
    return found == channel.end() || found->is_null() ? 0 : found->get<double>();
}

nlohmann::ordered_json factorJson(double factor) {
    return factor > 0 ? nlohmann::ordered_json(factor) : nlohmann::ordered_json();
}

using Reliability = Calibration::Reliability;

nlohmann::ordered_json reliabilityJson(const Reliability& reliability) {
    nlohmann::ordered_json json;
    for (const auto& bin : reliability.bins)
        json["bins"].push_back({bin.predicted, bin.observed, bin.pixels});
    json["drawn_68"] = factorJson(reliability.drawn68);
    json["drawn_90"] = factorJson(reliability.drawn90);
    json["held_68"] = factorJson(reliability.held68);
    json["held_90"] = factorJson(reliability.held90);
    return json;
}

Reliability readReliability(const nlohmann::json& channel) {
    Reliability result;
    const auto found = channel.find("reliability");
    if (found == channel.end()) return result;  // of an earlier version
    for (const auto& bin : found->at("bins"))
        result.bins.push_back({bin.at(0), bin.at(1), bin.at(2)});
    result.drawn68 = factor(*found, "drawn_68");
    result.drawn90 = factor(*found, "drawn_90");
    result.held68 = factor(*found, "held_68");
    result.held90 = factor(*found, "held_90");
    return result;
}

}  // namespace

bool Calibration::holdsFor(const SamplerSpec& other) const {
    return sampler.name == other.name && sampler.steps == other.steps;
}

std::optional<Calibration> readCalibration(const ModelPackage& package) {
    if (package.calibrationJson.empty()) return std::nullopt;
    Calibration result;
    try {
        const auto json = nlohmann::json::parse(package.calibrationJson);
        const auto& sampler = json.at("sampler");
        result.sampler = {sampler.at("name"), sampler.at("steps"), sampler.at("samples")};
        result.pairs = json.at("pairs");
        for (const auto& channel : json.at("channels"))
            result.channels.push_back({channel.at("scale"), channel.at("offset"),
                                       factor(channel, "interval_68"),
                                       factor(channel, "interval_90"),
                                       factor(channel, "conformal_90"), readReliability(channel)});
    } catch (const nlohmann::json::exception&) {
        result.channels.clear();
    }
    bool sound = result.channels.size() == package.outputs.size();
    for (const auto& channel : result.channels)
        sound = sound && std::isfinite(channel.scale) && channel.scale > 0 &&
                std::isfinite(channel.offset) && channel.interval68 >= 0 &&
                channel.interval90 >= 0 && channel.conformal90 >= 0;
    if (!sound) {
        throw Error(ErrorKind::Model, "The model's calibration cannot be used.",
                    package.folder + "/calibration.json", "Calibrate the model again.");
    }
    return result;
}

std::string formatCalibration(const Calibration& calibration) {
    nlohmann::ordered_json json;
    json["sampler"] = {{"name", calibration.sampler.name},
                       {"steps", calibration.sampler.steps},
                       {"samples", calibration.sampler.samples}};
    json["pairs"] = calibration.pairs;
    json["channels"] = nlohmann::ordered_json::array();
    for (const auto& channel : calibration.channels) {
        json["channels"].push_back({{"scale", channel.scale},
                                    {"offset", channel.offset},
                                    {"interval_68", factorJson(channel.interval68)},
                                    {"interval_90", factorJson(channel.interval90)},
                                    {"conformal_90", factorJson(channel.conformal90)}});
        if (!channel.reliability.bins.empty())
            json["channels"].back()["reliability"] = reliabilityJson(channel.reliability);
    }
    return json.dump(2) + "\n";
}

}  // namespace posteria::package
