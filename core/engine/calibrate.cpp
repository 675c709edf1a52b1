#include "core/engine/calibrate.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/truth_pool.h"
#include "core/io/open.h"
#include "core/tensor/convert.h"
#include "core/tensor/torch_compat.h"

namespace fs = std::filesystem;

namespace posteria::engine {

namespace {

struct Pair {
    std::string input, truth;
};

std::vector<Pair> findPairs(const std::string& folder) {
    std::vector<Pair> pairs;
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(folder, code)) {
        const auto name = entry.path().filename().string();
        const auto extension = entry.path().extension().string();
        if (name.rfind("input", 0) != 0 || (extension != ".tif" && extension != ".tiff")) continue;
        const auto truth = entry.path().parent_path() / ("truth" + name.substr(5));
        if (!fs::exists(truth, code)) {
            throw Error(ErrorKind::Input, "This image has no truth beside it.",
                        entry.path().string(), "Put " + truth.filename().string() + " there.");
        }
        pairs.push_back({entry.path().string(), truth.string()});
    }
    if (pairs.empty()) {
        throw Error(ErrorKind::Input, "There are no pairs of images to calibrate with.", folder,
                    "Give a folder with input_000.ome.tif, truth_000.ome.tif and so on, as "
                    "posteria-cli simulate writes it.");
    }
    std::sort(pairs.begin(), pairs.end(),
              [](const Pair& a, const Pair& b) { return a.input < b.input; });
    return pairs;
}

std::optional<double> severityOf(const std::string& folder) {
    const auto path = folder + "/simulation.json";
    std::error_code code;
    if (!fs::exists(path, code)) return std::nullopt;
    const auto json = nlohmann::json::parse(readTextFile(path), nullptr, false);
    if (!json.is_object() || !json.contains("severity") || !json["severity"].is_number())
        return std::nullopt;
    return json["severity"].get<double>();
}

void requireFit(const Pair& pair, const package::ModelPackage& package) {
    const auto input = io::open(pair.input)->shape(), truth = io::open(pair.truth)->shape();
    const image::Shape expected{input.t, static_cast<std::int64_t>(package.outputs.size()), input.z,
                                input.y, input.x};
    if (input.c != 1 || !(truth == expected)) {
        throw Error(ErrorKind::Input,
                    "The truth is not the input's size with the model's " +
                        std::to_string(package.outputs.size()) + " channels.",
                    pair.truth);
    }
}

KnownImage read(const Pair& pair, const package::ModelPackage& package,
                const std::optional<double>& severity) {
    KnownImage known;
    known.input = io::open(pair.input);
    known.severity = severity;
    const auto truth = io::open(pair.truth);
    for (std::size_t c = 0; c < package.outputs.size(); ++c)
        known.truth.push_back(analysis::readChannel(*truth, static_cast<std::int64_t>(c)));
    known.inputStd =
        tensor::fromPlane(known.input->readPlane({})).to(at::kDouble).std(false).item<double>();
    return known;
}

void copyPackage(const std::string& from, const std::string& to) {
    std::error_code code;
    ensureFolder(to);
    fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::overwrite_existing, code);
    if (code) {
        throw Error(ErrorKind::Failed, "The model could not be copied: " + code.message() + ".", to,
                    "Choose a folder that can be written.");
    }
}

// Held-out figures without those of the calibration that is replaced.
std::string withoutCalibrated(const std::string& qualityJson) {
    auto quality = nlohmann::ordered_json::parse(qualityJson, nullptr, false);
    try {
        for (auto& sampler : quality.at("samplers")) {
            for (auto& channel : sampler.at("channels"))
                channel.erase("calibrated");
        }
    } catch (const nlohmann::json::exception&) {
        return qualityJson;  // no figures, or others than those of held-out fields
    }
    return quality.dump(2);
}

}  // namespace

std::string calibrate(const CalibrateRequest& request,
                      const std::function<void(int done, int total)>& progress,
                      const CancelToken& token) {
    const auto model = package::findPackage(request.model);
    const auto pairs = findPairs(request.pairs);
    for (const auto& pair : pairs)
        requireFit(pair, model);
    const auto severity = severityOf(request.pairs);
    RestorationRequest settings;
    settings.model = model.folder;
    settings.device = request.device;
    const std::unique_ptr<Engine> engine(posteria_create_engine(kEngineInterface));
    const auto text = package::formatCalibration(fitCalibration(
        *engine, model, settings, static_cast<int>(pairs.size()),
        [&](int i) { return read(pairs[static_cast<std::size_t>(i)], model, severity); }, progress,
        token));
    const auto folder = request.package.empty() ? model.folder : request.package;
    if (folder != model.folder) copyPackage(model.folder, folder);
    auto calibrated = package::readPackage(folder);
    calibrated.calibrationJson = text;
    calibrated.qualityJson = withoutCalibrated(calibrated.qualityJson);
    package::writePackage(calibrated);
    return text;
}

}  // namespace posteria::engine
