#include "core/engine/report.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace posteria::engine {

namespace {

std::string number(double value) {
    return nlohmann::json(value).dump();
}

std::string list(const std::vector<std::int64_t>& values) {
    std::string text;
    for (auto v : values)
        text += (text.empty() ? "" : ",") + std::to_string(v);
    return text;
}

}  // namespace

std::string shellQuoted(const std::string& text) {
    const bool plain = !text.empty() && text.find_first_not_of(
                                            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                            "0123456789_-./:,=+") == std::string::npos;
    if (plain) return text;
    std::string result = "'";
    for (char c : text)
        result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result + "'";
}

std::string reportJson(const RunReport& r, const std::string& inputPath,
                       const std::string& inputSha256, const std::string& command) {
    using json = nlohmann::ordered_json;
    json j;
    j["app_version"] = r.appVersion;
    j["libtorch_version"] = r.torchVersion;
    j["model"] = {{"name", r.model}, {"sha256", r.modelSha256}};
    j["sampler"] = r.sampler;
    j["steps"] = r.steps;
    j["samples"] = r.samples;
    j["stopped_early"] = r.stoppedEarly;
    j["seed"] = r.seed;
    j["severity"] = r.severity;
    j["severity_estimated"] = r.severityEstimated;
    if (r.inputDistance >= 0) {
        j["input_distance"] = r.inputDistance;
    } else {
        j["input_distance"] = nullptr;
    }
    j["device"] = r.device;
    j["precision"] = r.precision;
    j["threads"] = r.threads;
    j["tile"] = r.tile;
    j["overlap"] = r.overlap;
    j["batch"] = r.batch;
    j["network_calls"] = r.networkCalls;
    j["seconds_network"] = r.secondsNetwork;
    j["seconds_total"] = r.secondsTotal;
    j["peak_memory_bytes"] = r.peakMemoryBytes;
    j["input"] = {{"path", inputPath}, {"sha256", inputSha256}};
    j["seam_score"] = r.seamScore;
    j["monte_carlo_error"] = r.monteCarloError;
    if (r.residualStructure >= 0) {
        j["residual_structure"] = r.residualStructure;
    } else {
        j["residual_structure"] = nullptr;
    }
    j["calibration"] = r.calibrated ? "calibrated" : "uncalibrated";
    for (const auto& interval : r.intervals) {
        const auto known = [](double factor) { return factor > 0 ? json(factor) : json(); };
        j["intervals"].push_back({{"interval_68", known(interval.share68)},
                                  {"interval_90", known(interval.share90)},
                                  {"conformal_90", known(interval.conformal90)}});
    }
    const auto lights = posterior::trustLights(r.trust);
    j["trust"]["verdict"] = posterior::trustWord(posterior::verdict(lights));
    for (const auto& light : lights)
        j["trust"]["lights"].push_back({{"id", light.id},
                                        {"state", posterior::trustWord(light.state)},
                                        {"finding", light.finding},
                                        {"advice", light.advice}});
    j["warnings"] = r.warnings;
    j["command"] = command;
    return j.dump(2) + "\n";
}

std::map<std::string, std::string> provenance(const RunReport& r, const std::string& inputPath,
                                              const std::string& command) {
    std::string severity;
    for (const double t : r.severity)
        severity += (severity.empty() ? "" : ", ") + number(t);
    if (r.severityEstimated) severity += " (estimated)";
    return {{"posteria.version", r.appVersion},
            {"posteria.libtorch", r.torchVersion},
            {"posteria.model", r.model},
            {"posteria.model.sha256", r.modelSha256},
            {"posteria.sampler", r.sampler},
            {"posteria.steps", std::to_string(r.steps)},
            {"posteria.samples", std::to_string(r.samples)},
            {"posteria.seed", std::to_string(r.seed)},
            {"posteria.severity", severity},
            {"posteria.device", r.device},
            {"posteria.precision", r.precision},
            {"posteria.input", inputPath},
            {"posteria.command", command}};
}

RestorationRequest definiteRequest(RestorationRequest request, const RunReport& r) {
    request.finished.clear();
    request.enough = {};
    request.sampler = r.sampler;
    request.steps = r.steps;
    request.samples = r.samples;
    if (r.tile > 0) request.tile = r.tile;
    if (r.overlap >= 0) request.overlap = r.overlap;
    if (!r.device.empty()) request.device = r.device;
    const std::pair<const char*, Precision> words[] = {
        {"fp32", Precision::Float32}, {"bf16", Precision::BFloat16}, {"fp16", Precision::Float16}};
    for (const auto& [word, precision] : words)
        if (r.precision == word) request.precision = precision;
    return request;
}

std::string commandLine(const RestorationRequest& request, const RunReport& r,
                        const std::string& outputFolder, const std::string& save) {
    const auto& info = request.input->info();
    return commandLine({info.path}, info.series, request, r, outputFolder, save);
}

std::string commandLine(const std::vector<std::string>& inputs, int series,
                        const RestorationRequest& request, const RunReport& r,
                        const std::string& outputFolder, const std::string& save) {
    std::string line = "posteria-cli restore";
    for (const auto& input : inputs)
        line += " " + shellQuoted(input);
    line += " --model " + shellQuoted(request.model) + " -o " + shellQuoted(outputFolder) +
            " --sampler " + r.sampler + " --steps " + std::to_string(r.steps) + " --samples " +
            std::to_string(r.samples) + " --seed " + std::to_string(r.seed);
    if (series > 0) line += " --series " + std::to_string(series);
    if (request.severity) line += " --severity " + number(*request.severity);
    const auto& s = request.selection;
    if (!s.c.empty()) line += " --channel " + list(s.c);
    if (!s.t.empty()) line += " --t " + list(s.t);
    if (!s.z.empty()) line += " --z " + list(s.z);
    if (!s.roi.empty()) line += " --roi " + list({s.roi.x, s.roi.y, s.roi.width, s.roi.height});
    // What a run that was stopped does not tell is chosen anew.
    if (r.tile > 0) line += " --tile " + std::to_string(r.tile);
    if (r.overlap >= 0) line += " --overlap " + std::to_string(r.overlap);
    line += " --device " + r.device;
    if (!r.precision.empty()) line += " --precision " + r.precision;
    if (request.psf) line += " --psf " + shellQuoted(request.psf->info().path);
    if (request.cameraOffset) line += " --camera-offset " + number(*request.cameraOffset);
    if (request.independentNoise) line += " --independent-noise";
    if (!save.empty()) line += " --save " + save;
    return line;
}

}  // namespace posteria::engine
