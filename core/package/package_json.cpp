#include "core/package/package_json.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "core/base/error.h"

namespace posteria::package {

namespace {

// Ordered, so that a written file reads in the order a person would tell it.
using Json = nlohmann::ordered_json;

constexpr int kMaxDepth = 32, kMaxLevels = 6, kMaxWidth = 512, kMaxChannels = 64, kMaxNetworks = 16,
              kMaxBlocks = 8;
constexpr std::size_t kMaxText = 64 * 1024;

const std::set<std::string> kTasks = {"split", "bleedthrough", "dehaze", "denoise"};
const std::set<std::string> kSamplers = {"oneshot",
                                         "indi",
                                         "indi-brownian",
                                         "cold-naive",
                                         "cold-unconditional",
                                         "cold-improved",
                                         "blend",
                                         "cfm-euler",
                                         "cfm-heun",
                                         "ddrm",
                                         "hdn",
                                         "richardson-lucy",
                                         "wiener",
                                         "nnls"};

const std::set<std::string> kOpticsModels = {"gaussian", "gibson-lanni", "vectorial"};

Error broken(const std::string& message, const std::string& where) {
    return Error(ErrorKind::Model, message, where, "Get the model again or ask its author.");
}

Json parse(const std::string& text, const std::string& where) {
    try {
        // Deep nesting would overflow the stack of every recursive visitor, so it ends here.
        return Json::parse(text, [&](int depth, Json::parse_event_t, Json&) {
            if (depth > kMaxDepth) throw broken("The JSON text is nested too deeply.", where);
            return true;
        });
    } catch (const Json::exception&) {
        throw broken("The file is not valid JSON.", where);
    }
}

// One JSON object being read; `place` names it in errors ("networks[0]").
class Reader {
  public:
    Reader(const Json& json, std::string place, const std::string& where)
        : m_json(json), m_place(std::move(place)), m_where(where) {
        if (!json.is_object()) throw broken(m_place + " is not an object.", where);
    }

    [[noreturn]] void refuse(const std::string& key, const std::string& what) const {
        throw broken(name(key) + " " + what + ".", m_where);
    }

    bool has(const std::string& key) const {
        return m_json.contains(key) && !m_json[key].is_null();
    }

    const Json& required(const std::string& key) const {
        if (!has(key)) refuse(key, "is missing");
        return m_json[key];
    }

    std::string text(const std::string& key) const {
        const Json& value = required(key);
        if (!value.is_string()) refuse(key, "is not a text");
        auto result = value.get<std::string>();
        if (result.size() > kMaxText) refuse(key, "is too long");
        return result;
    }
    std::string text(const std::string& key, const std::string& fallback) const {
        return has(key) ? text(key) : fallback;
    }

    int integer(const std::string& key, int low, int high) const {
        return integerValue(required(key), key, low, high);
    }
    int integer(const std::string& key, int low, int high, int fallback) const {
        return has(key) ? integer(key, low, high) : fallback;
    }

    double number(const std::string& key, double low, double high, double fallback) const {
        if (!has(key)) return fallback;
        const Json& value = m_json[key];
        if (!value.is_number()) refuse(key, "is not a number");
        const double result = value.get<double>();
        if (!(result >= low && result <= high)) {
            char range[64];
            std::snprintf(range, sizeof range, "is not between %g and %g", low, high);
            refuse(key, range);
        }
        return result;
    }

    bool flag(const std::string& key) const {
        if (!has(key)) return false;
        if (!m_json[key].is_boolean()) refuse(key, "is neither true nor false");
        return m_json[key].get<bool>();
    }

    const Json& array(const std::string& key, std::size_t low, std::size_t high) const {
        const Json& value = required(key);
        if (!value.is_array()) refuse(key, "is not a list");
        if (value.size() < low || value.size() > high) {
            const auto range = low == high ? "" : std::to_string(low) + " to ";
            refuse(key, "needs " + range + std::to_string(high) + " entries");
        }
        return value;
    }

    int integerValue(const Json& value, const std::string& key, int low, int high) const {
        if (!value.is_number_integer()) refuse(key, "is not a whole number");
        // Large unsigned numbers would wrap as int64.
        const bool huge = value.is_number_unsigned() && value.get<std::uint64_t>() > INT32_MAX;
        const auto result = huge ? INT64_MAX : value.get<std::int64_t>();
        if (result < low || result > high) {
            refuse(key, "is not between " + std::to_string(low) + " and " + std::to_string(high));
        }
        return static_cast<int>(result);
    }

    std::string name(const std::string& key) const {
        return m_place.empty() ? "\"" + key + "\"" : "\"" + key + "\" of " + m_place;
    }

  private:
    const Json& m_json;
    std::string m_place;
    const std::string& m_where;
};

bool isPlainFileName(const std::string& name) {
    if (name.empty() || name.size() > 200 || name.front() == '.') return false;
    return name.find("..") == std::string::npos &&
           std::none_of(name.begin(), name.end(), [](unsigned char c) {
               return c == '/' || c == '\\' || c == ':' || c < 0x20;
           });
}

bool isIdentifier(const std::string& name) {
    if (name.empty() || name.size() > 64 || name.front() == '.') return false;
    return std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return (c < 0x80 && std::isalnum(c)) || c == '-' || c == '_' || c == '.';
    });
}

bool isFingerprint(const std::string& hex) {
    return hex.size() == 64 && hex.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string element(const char* list, std::size_t i) {
    return std::string(list) + "[" + std::to_string(i) + "]";
}

Fingerprints readFingerprints(const Json& root, const std::string& where) {
    Fingerprints files;
    const Reader reader(root, "", where);
    const Json& list = reader.required("files");
    if (!list.is_object() || list.size() > 64)
        reader.refuse("files", "is not a table of at most 64 files");
    for (const auto& [file, value] : list.items()) {
        if (!isPlainFileName(file))
            reader.refuse("files", "names a file outside the package: " + file);
        const Reader entry(list, "files", where);
        const std::string hex = entry.text(file);
        if (!isFingerprint(hex)) entry.refuse(file, "is not a sha256");
        files[file] = hex;
    }
    return files;
}

NetworkSpec readNetwork(const Json& json, const std::string& place, const std::string& where,
                        const Fingerprints& files) {
    const Reader reader(json, place, where);
    NetworkSpec network;
    network.role = reader.text("role");
    if (!isIdentifier(network.role)) reader.refuse("role", "is not a plain name");
    network.architecture = reader.text("architecture");
    const bool ladder = network.architecture == "ladder";
    if (network.architecture != "unet" && !ladder) {
        throw Error(ErrorKind::Model,
                    "The model needs a network architecture this version does not know: \"" +
                        network.architecture + "\".",
                    where, "Update Posteria.");
    }
    network.file = reader.text("file");
    if (!isPlainFileName(network.file)) reader.refuse("file", "leaves the package's folder");
    for (const Json& width : reader.array("widths", 1, kMaxLevels)) {
        network.widths.push_back(reader.integerValue(width, "widths", 16, kMaxWidth));
        if (network.widths.back() % 16 != 0)
            reader.refuse("widths", "holds a width that is no multiple of 16");
    }
    if (ladder) {
        for (const int width : network.widths) {
            if (width != network.widths.front())
                reader.refuse("widths", "of a ladder are not all equal");
        }
        network.latents = reader.integer("latents", 1, kMaxWidth);
        network.blocks = reader.integer("blocks", 1, kMaxBlocks, 1);
    }
    network.fold = reader.integer("fold", 1, 4);
    if (network.fold == 3) reader.refuse("fold", "is not 1, 2 or 4");
    network.inChannels = reader.integer("in_channels", 1, kMaxChannels);
    network.outChannels = reader.integer("out_channels", 1, kMaxChannels);
    network.conditions = reader.integer("conditions", 0, kMaxChannels);
    const auto file = files.find(network.file);
    if (file == files.end()) reader.refuse("file", "has no sha256 in \"files\": " + network.file);
    network.sha256 = file->second;
    return network;
}

// A table of so many rows of so many numbers.
std::vector<std::vector<double>> readRows(const Reader& root, const char* key, int fewest, int most,
                                          int columns) {
    std::vector<std::vector<double>> result;
    for (const Json& row : root.array(key, fewest, most)) {
        if (!row.is_array() || static_cast<int>(row.size()) != columns)
            root.refuse(key, "has a row that is not " + std::to_string(columns) + " numbers");
        result.emplace_back();
        for (const Json& value : row) {
            if (!value.is_number() || !std::isfinite(value.get<double>()))
                root.refuse(key, "holds something that is no number");
            result.back().push_back(value.get<double>());
        }
    }
    return result;
}

void requireGains(const Reader& reader, const char* key, const std::vector<double>& gains) {
    const auto [least, most] = std::minmax_element(gains.begin(), gains.end());
    if (*least < 0 || *most > kMaxGain)
        reader.refuse(key, "holds a gain that is not between 0 and 4");
}

ResidualGain readResidualGain(const Reader& reader) {
    constexpr double kMost = 1000;
    ResidualGain result;
    result.level = reader.number("level", -kMost, kMost, 0);
    result.low = reader.number("low", -kMost, result.level, result.level);
    result.high = reader.number("high", result.level, kMost, result.level);
    auto rows = readRows(reader, "gain_and_slope", 2, 2, kGainNodes);
    requireGains(reader, "gain_and_slope", rows[0]);
    result.gain = std::move(rows[0]), result.slope = std::move(rows[1]);
    return result;
}

void readOutputs(const Reader& root, const std::string& where, ModelPackage& package) {
    const Json& outputs = root.array("outputs", 1, kMaxChannels);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const Reader reader(outputs[i], element("outputs", i), where);
        package.outputs.push_back(reader.text("name"));
        const std::string color = reader.text("color", "#ffffff");
        if (color.size() != 7 || color[0] != '#' ||
            color.find_first_not_of("0123456789abcdefABCDEF", 1) != std::string::npos) {
            reader.refuse("color", "is not written #rrggbb");
        }
        package.colors.push_back(
            static_cast<std::uint32_t>(std::stoul(color.substr(1), nullptr, 16)));
        package.targetMean.push_back(reader.number("mean", -1e6, 1e6, 0));
        package.targetStd.push_back(reader.number("std", 1e-6, 1e6, 1));
    }
    const auto count = static_cast<int>(outputs.size());
    if (root.has("severity_scale")) {
        package.severityScale = readRows(root, "severity_scale", 1, 1, kSeverityNodes).front();
        const auto& scale = package.severityScale;
        if (count != 2 || *std::min_element(scale.begin(), scale.end()) <= 0)
            root.refuse("severity_scale", "needs two outputs and numbers above 0");
    }
    if (root.has("mean_gain")) {
        package.meanGain = readRows(root, "mean_gain", count, count, kGainNodes);
        for (const auto& row : package.meanGain)
            requireGains(root, "mean_gain", row);
    }
    if (root.has("residual_variance")) {
        package.residualVariance = readRows(root, "residual_variance", count, count, count + 1);
        for (const auto& row : package.residualVariance) {
            if (row[0] <= 0 || *std::min_element(row.begin(), row.end()) < 0)
                root.refuse("residual_variance", "gives a variance that is not above 0");
        }
    }
    if (root.has("residual_spectrum"))
        package.residualSpectrum =
            readRows(root, "residual_spectrum", kSpectrumNodes, kSpectrumNodes, count * count);
    if (root.has("residual_gain")) {
        const Json& rows = root.array("residual_gain", count, count);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const Reader reader(rows[i], element("residual_gain", i), where);
            package.residualGain.push_back(readResidualGain(reader));
        }
    }
}

void readInputStatistics(const Reader& root, const std::string& where, ModelPackage& package) {
    if (!root.has("input_statistics")) return;
    const Reader reader(root.required("input_statistics"), "input_statistics", where);
    auto& statistics = package.inputStatistics;
    statistics.side = reader.integer("side", 16, 4096);
    statistics.limit = reader.number("limit", 0, 1e9, 0);
    const auto features = static_cast<int>(reader.array("precision", 1, kMaxInputFeatures).size());
    statistics.mean = readRows(reader, "mean", 1, 1, features).front();
    statistics.precision = readRows(reader, "precision", features, features, features);
}

void readCamera(const Reader& root, const std::string& where, ModelPackage& package) {
    if (!root.has("camera")) return;
    const Reader reader(root.required("camera"), "camera", where);
    package.camera.offset = reader.number("offset", -1e9, 1e9, 0);
    package.camera.variance = reader.number("variance", 1e-9, 1e18, 1);
    package.camera.gain = reader.number("gain", 0, 1e9, 0);
}

void readOptics(const Reader& root, const std::string& where, ModelPackage& package) {
    if (root.has("matrix")) {
        const auto columns = static_cast<int>(package.outputs.size());
        package.matrix = readRows(root, "matrix", 1, kMaxChannels, columns);
    }
    if (!root.has("optics")) return;
    const Reader reader(root.required("optics"), "optics", where);
    auto& optics = package.optics;
    optics.model = reader.text("model", optics.model);
    if (kOpticsModels.count(optics.model) == 0)
        reader.refuse("model", "is no known model: " + optics.model);
    for (const char* key : {"na", "emission_nm", "excitation_nm", "refractive_index"})
        reader.required(key);
    optics.na = reader.number("na", 0.01, 2, 1);
    optics.emissionNm = reader.number("emission_nm", 100, 5000, 500);
    optics.excitationNm = reader.number("excitation_nm", 100, 5000, 500);
    optics.refractiveIndex = reader.number("refractive_index", 1, 3, 1);
    optics.pinholeAiry = reader.number("pinhole_airy", 0.01, 100, 1);
}

void readSamplers(const Reader& root, const std::string& where, ModelPackage& package) {
    const Json& samplers = root.array("samplers", 1, kSamplers.size());
    for (std::size_t i = 0; i < samplers.size(); ++i) {
        const Reader reader(samplers[i], element("samplers", i), where);
        SamplerSpec sampler;
        sampler.name = reader.text("name");
        if (kSamplers.count(sampler.name) == 0)
            reader.refuse("name", "is no known sampler: " + sampler.name);
        if (package.sampler(sampler.name))
            reader.refuse("name", "is listed twice: " + sampler.name);
        sampler.steps = reader.integer("steps", 1, 1000, 1);
        sampler.samples = reader.integer("samples", 1, 1000, 1);
        package.samplers.push_back(sampler);
    }
}

void readSeverity(const Reader& root, const std::string& where, ModelPackage& package) {
    if (!root.has("severity")) return;
    const Reader reader(root.required("severity"), "severity", where);
    package.severityLaw = reader.text("law", "");
    package.minSeverity = reader.number("min", 0, 1, 0);
    package.maxSeverity = reader.number("max", 0, 1, 1);
    if (package.minSeverity > package.maxSeverity) reader.refuse("min", "is larger than \"max\"");
    package.defaultSeverity = reader.number("default", package.minSeverity, package.maxSeverity,
                                            0.5 * (package.minSeverity + package.maxSeverity));
    if (!reader.has("curve")) return;
    package.severityCurve = readRows(reader, "curve", 2, 1000, 2);
    for (std::size_t i = 0; i < package.severityCurve.size(); ++i) {
        const auto& point = package.severityCurve[i];
        if (point[1] < 0 || point[1] > 1 ||
            (i > 0 && point[0] <= package.severityCurve[i - 1][0]) ||
            (i > 0 && point[1] < package.severityCurve[i - 1][1]))
            reader.refuse("curve", "is not made of rising severities between 0 and 1");
    }
}

}  // namespace

Description parseDescription(const std::string& text, const std::string& where) {
    const Json json = parse(text, where);
    const Reader root(json, "", where);
    const int schema = root.integer("schema", 1, INT32_MAX);
    if (schema > kSchemaVersion) {
        throw Error(ErrorKind::Model, "The model was written for a newer version of Posteria.",
                    where, "Update Posteria.");
    }
    Description result;
    ModelPackage& package = result.package;
    package.name = root.text("name");
    if (!isIdentifier(package.name))
        root.refuse("name", "is not made of letters, digits, - _ and .");
    package.title = root.text("title", package.name);
    package.description = root.text("description", "");
    package.task = root.text("task");
    if (kTasks.count(package.task) == 0) root.refuse("task", "is no known task: " + package.task);
    package.normalisation = root.text("normalisation", "");
    package.voxelSizeUm = root.number("voxel_size_um", 0, 1000, 0);
    package.tile = root.integer("tile", 32, 4096, package.tile);
    package.overlap =
        root.integer("overlap", 0, package.tile / 2, std::min(package.overlap, package.tile / 2));
    package.indiNoise = root.number("indi_noise", 0, 10, 0);
    package.licence = root.text("licence", "");
    package.cite = root.text("cite", "");
    readOutputs(root, where, package);
    readSeverity(root, where, package);
    readInputStatistics(root, where, package);
    readCamera(root, where, package);
    package.fromDark = root.flag("from_dark");
    if (package.fromDark && (!package.camera.known() || package.outputs.size() != 1))
        root.refuse("from_dark", "needs a camera and one output");
    readOptics(root, where, package);
    readSamplers(root, where, package);
    result.files = readFingerprints(json, where);
    const Json& networks = root.array("networks", 1, kMaxNetworks);
    for (std::size_t i = 0; i < networks.size(); ++i) {
        auto network = readNetwork(networks[i], element("networks", i), where, result.files);
        if (package.network(network.role)) {
            throw broken("Two networks have the role \"" + network.role + "\".", where);
        }
        package.networks.push_back(std::move(network));
    }
    if (root.has("training")) {
        if (!root.required("training").is_object()) root.refuse("training", "is not an object");
        package.trainingJson = root.required("training").dump(2);
    }
    return result;
}

std::string formatDescription(const ModelPackage& package, const Fingerprints& files) {
    Json json;
    json["schema"] = kSchemaVersion;
    json["name"] = package.name;
    json["title"] = package.title;
    json["description"] = package.description;
    json["task"] = package.task;
    json["outputs"] = Json::array();
    for (std::size_t i = 0; i < package.outputs.size(); ++i) {
        char color[16];
        std::snprintf(color, sizeof color, "#%06x",
                      i < package.colors.size() ? package.colors[i] & 0xffffffu : 0xffffffu);
        json["outputs"].push_back(
            {{"name", package.outputs[i]},
             {"color", color},
             {"mean", i < package.targetMean.size() ? package.targetMean[i] : 0},
             {"std", i < package.targetStd.size() ? package.targetStd[i] : 1}});
    }
    if (!package.severityScale.empty())
        json["severity_scale"] = Json::array({package.severityScale});
    if (!package.meanGain.empty()) json["mean_gain"] = package.meanGain;
    if (!package.residualVariance.empty()) json["residual_variance"] = package.residualVariance;
    if (!package.residualSpectrum.empty()) json["residual_spectrum"] = package.residualSpectrum;
    for (const auto& gain : package.residualGain) {
        json["residual_gain"].push_back({{"level", gain.level},
                                         {"low", gain.low},
                                         {"high", gain.high},
                                         {"gain_and_slope", {gain.gain, gain.slope}}});
    }
    json["networks"] = Json::array();
    for (const auto& network : package.networks) {
        json["networks"].push_back({{"role", network.role},
                                    {"architecture", network.architecture},
                                    {"file", network.file},
                                    {"widths", network.widths},
                                    {"fold", network.fold},
                                    {"in_channels", network.inChannels},
                                    {"out_channels", network.outChannels},
                                    {"conditions", network.conditions}});
        if (network.latents > 0) {
            json["networks"].back()["latents"] = network.latents;
            json["networks"].back()["blocks"] = network.blocks;
        }
    }
    json["samplers"] = Json::array();
    for (const auto& sampler : package.samplers) {
        json["samplers"].push_back(
            {{"name", sampler.name}, {"steps", sampler.steps}, {"samples", sampler.samples}});
    }
    json["normalisation"] = package.normalisation;
    if (package.fromDark) json["from_dark"] = true;
    json["severity"] = {{"law", package.severityLaw},
                        {"default", package.defaultSeverity},
                        {"min", package.minSeverity},
                        {"max", package.maxSeverity}};
    if (!package.inputStatistics.mean.empty()) {
        const auto& statistics = package.inputStatistics;
        json["input_statistics"] = {{"side", statistics.side},
                                    {"limit", statistics.limit},
                                    {"mean", Json::array({statistics.mean})},
                                    {"precision", statistics.precision}};
    }
    if (package.camera.known()) {
        json["camera"] = {{"offset", package.camera.offset},
                          {"variance", package.camera.variance},
                          {"gain", package.camera.gain}};
    }
    if (package.optics.known()) {
        const auto& optics = package.optics;
        json["optics"] = {{"model", optics.model},
                          {"na", optics.na},
                          {"emission_nm", optics.emissionNm},
                          {"excitation_nm", optics.excitationNm},
                          {"refractive_index", optics.refractiveIndex},
                          {"pinhole_airy", optics.pinholeAiry}};
    }
    if (!package.matrix.empty()) json["matrix"] = package.matrix;
    if (!package.severityCurve.empty()) json["severity"]["curve"] = package.severityCurve;
    json["voxel_size_um"] = package.voxelSizeUm;
    json["tile"] = package.tile;
    json["overlap"] = package.overlap;
    json["indi_noise"] = package.indiNoise;
    json["licence"] = package.licence;
    json["cite"] = package.cite;
    if (!package.trainingJson.empty()) {
        json["training"] = parse(package.trainingJson, "training");
    }
    json["files"] = Json::object();
    for (const auto& [file, hex] : files)
        json["files"][file] = hex;
    return json.dump(2) + "\n";
}

std::string checkedObject(const std::string& text, const std::string& where) {
    if (!parse(text, where).is_object()) throw broken("The file is not a JSON object.", where);
    return text;
}

}  // namespace posteria::package
