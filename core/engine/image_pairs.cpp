#include "core/engine/image_pairs.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/restore_files.h"
#include "core/io/open.h"

namespace fs = std::filesystem;

namespace posteria::engine {

namespace {

std::optional<double> severityOf(const std::string& folder) {
    const auto path = folder + "/simulation.json";
    std::error_code code;
    if (!fs::exists(path, code)) return std::nullopt;
    const auto json = nlohmann::json::parse(readTextFile(path), nullptr, false);
    if (!json.is_object() || !json.contains("severity") || !json["severity"].is_number())
        return std::nullopt;
    return json["severity"].get<double>();
}

bool isTiff(const fs::path& path) {
    const auto extension = path.extension().string();
    return extension == ".tif" || extension == ".tiff";
}

std::map<std::string, std::string> tiffsByStem(const std::string& folder) {
    std::map<std::string, std::string> files;
    std::error_code code;
    for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
        if (isTiff(it->path())) files.emplace(resultStem(it->path().string()), it->path().string());
    }
    return files;
}

}  // namespace

std::vector<ImagePair> pairsIn(const std::string& folder) {
    std::vector<ImagePair> pairs;
    std::error_code code;
    const auto severity = severityOf(folder);
    for (const auto& entry : fs::directory_iterator(folder, code)) {
        const auto name = entry.path().filename().string();
        if (name.rfind("input", 0) != 0 || !isTiff(entry.path())) continue;
        const auto truth = entry.path().parent_path() / ("truth" + name.substr(5));
        if (!fs::exists(truth, code)) {
            throw Error(ErrorKind::Input, "This image has no truth beside it.",
                        entry.path().string(), "Put " + truth.filename().string() + " there.");
        }
        pairs.push_back({entry.path().string(), truth.string(), severity});
    }
    if (pairs.empty()) {
        throw Error(ErrorKind::Input, "There are no pairs of images to calibrate with.", folder,
                    "Give a folder with input_000.ome.tif, truth_000.ome.tif and so on, as "
                    "posteria-cli simulate writes it.");
    }
    std::sort(pairs.begin(), pairs.end(),
              [](const ImagePair& a, const ImagePair& b) { return a.input < b.input; });
    return pairs;
}

std::vector<ImagePair> pairsOf(const std::string& inputs, const std::string& truths) {
    std::vector<ImagePair> pairs;
    const auto known = tiffsByStem(truths);
    const auto severity = severityOf(inputs);
    for (const auto& [stem, path] : tiffsByStem(inputs)) {
        const auto truth = known.find(stem);
        if (truth != known.end()) pairs.push_back({path, truth->second, severity});
    }
    if (pairs.empty()) {
        throw Error(ErrorKind::Input, "No image has a truth of its name in the other folder.",
                    truths, "Give both the same name, such as cell_1.tif.");
    }
    return pairs;
}

void requirePair(const ImagePair& pair, const package::ModelPackage& model) {
    const auto input = io::open(pair.input)->shape(), truth = io::open(pair.truth)->shape();
    const image::Shape expected{input.t, static_cast<std::int64_t>(model.outputs.size()), input.z,
                                input.y, input.x};
    if (input.c != 1) {
        throw Error(ErrorKind::Input, "The degraded image has several channels.", pair.input,
                    "Save the channel that is restored by itself.");
    }
    if (!(truth == expected)) {
        throw Error(ErrorKind::Input,
                    "The truth is not the input's size with the model's " +
                        std::to_string(model.outputs.size()) +
                        (model.outputs.size() == 1 ? " channel." : " channels."),
                    pair.truth);
    }
}

}  // namespace posteria::engine
