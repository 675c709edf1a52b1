#include "core/package/model_package.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/package/package_json.h"

namespace fs = std::filesystem;

namespace posteria::package {

namespace {

constexpr const char* kModelFile = "model.json";
constexpr const char* kQualityFile = "quality.json";
constexpr const char* kCalibrationFile = "calibration.json";

std::string inside(const std::string& folder, const std::string& file) {
    return (fs::path(folder) / file).string();
}

// What lies at the path is read by the model's user, so every refusal is Error{Model}.
std::string readJson(const std::string& path) {
    try {
        return readTextFile(path, kMaxJsonBytes);
    } catch (const Error& error) {
        throw Error(ErrorKind::Model, error.message(), path, error.hint());
    }
}

void requireFolder(const std::string& folder) {
    std::error_code code;
    if (fs::is_regular_file(folder, code)) {
        throw Error(ErrorKind::Model, "The model package is a file, not a folder.", folder,
                    "If it is a zipped package, unpack it and give the folder.");
    }
    if (!fs::is_directory(folder, code)) {
        throw Error(ErrorKind::Model, "There is no model package here.", folder, "Check the name.");
    }
    if (!fs::is_regular_file(inside(folder, kModelFile), code)) {
        throw Error(ErrorKind::Model, "The folder is not a model package: model.json is missing.",
                    folder, "Give a folder whose name ends in .posteria.");
    }
}

void requireWeights(const ModelPackage& package, const std::string& file) {
    const std::string path = inside(package.folder, file);
    std::error_code code;
    if (!fs::is_regular_file(path, code)) {
        throw Error(ErrorKind::Model, "The model's weight file is missing.", path,
                    "Get the model again.");
    }
    if (fs::file_size(path, code) > kMaxWeightBytes || code) {
        throw Error(ErrorKind::Model, "The model's weight file is larger than 64 MB.", path,
                    "Get the model again.");
    }
}

std::string readOptionalObject(const std::string& folder, const char* file) {
    const std::string path = inside(folder, file);
    std::error_code code;
    if (!fs::exists(path, code)) return {};
    return checkedObject(readJson(path), path);
}

}  // namespace

const NetworkSpec* ModelPackage::network(const std::string& role) const {
    const auto found = std::find_if(networks.begin(), networks.end(),
                                    [&](const NetworkSpec& n) { return n.role == role; });
    return found == networks.end() ? nullptr : &*found;
}

const SamplerSpec* ModelPackage::sampler(const std::string& samplerName) const {
    const auto found = std::find_if(samplers.begin(), samplers.end(),
                                    [&](const SamplerSpec& s) { return s.name == samplerName; });
    return found == samplers.end() ? nullptr : &*found;
}

ModelPackage readPackage(const std::string& folder) {
    requireFolder(folder);
    const std::string path = inside(folder, kModelFile);
    ModelPackage package = parseDescription(readJson(path), path).package;
    package.folder = folder;
    for (const auto& network : package.networks)
        requireWeights(package, network.file);
    package.qualityJson = readOptionalObject(folder, kQualityFile);
    package.calibrationJson = readOptionalObject(folder, kCalibrationFile);
    return package;
}

void checkPackage(const ModelPackage& package) {
    requireFolder(package.folder);
    const std::string path = inside(package.folder, kModelFile);
    const Fingerprints files = parseDescription(readJson(path), path).files;
    for (const char* file : {kQualityFile, kCalibrationFile}) {
        std::error_code code;
        if (fs::exists(inside(package.folder, file), code) && files.count(file) == 0) {
            throw Error(ErrorKind::Model, "The file is not listed in model.json.",
                        inside(package.folder, file), "Remove it or get the model again.");
        }
    }
    for (const auto& [file, expected] : files) {
        requireWeights(package, file);
        const std::string filePath = inside(package.folder, file);
        if (sha256OfFile(filePath) != expected) {
            throw Error(ErrorKind::Model,
                        "The file is not the one the model was made with (sha256 differs).",
                        filePath, "Get the model again.");
        }
    }
}

void writePackage(const ModelPackage& package) {
    try {
        Fingerprints files;
        for (const auto& network : package.networks) {
            files[network.file] = sha256OfFile(inside(package.folder, network.file));
        }
        const auto add = [&](const char* file, const std::string& text) {
            if (text.empty()) return std::string();
            files[file] = sha256OfBytes(text.data(), text.size());
            return checkedObject(text, file);
        };
        const std::string quality = add(kQualityFile, package.qualityJson);
        const std::string calibration = add(kCalibrationFile, package.calibrationJson);
        const std::string text = formatDescription(package, files);
        parseDescription(text,
                         inside(package.folder, kModelFile));  // never write what cannot be read
        if (!quality.empty()) writeTextFile(inside(package.folder, kQualityFile), quality);
        if (!calibration.empty())
            writeTextFile(inside(package.folder, kCalibrationFile), calibration);
        writeTextFile(inside(package.folder, kModelFile), text);
        // What an earlier version of the package said must not be read as part of this one.
        std::error_code code;
        if (quality.empty()) fs::remove(inside(package.folder, kQualityFile), code);
        if (calibration.empty()) fs::remove(inside(package.folder, kCalibrationFile), code);
    } catch (const Error& error) {
        throw Error(ErrorKind::Failed, error.message(), error.where(), error.hint());
    } catch (const nlohmann::json::exception&) {
        throw Error(ErrorKind::Failed, "A text of the model package is not valid UTF-8.",
                    package.folder);
    }
}

std::string packageSha256(const ModelPackage& package) {
    const std::string text = readJson(inside(package.folder, kModelFile));
    return sha256OfBytes(text.data(), text.size());
}

}  // namespace posteria::package
