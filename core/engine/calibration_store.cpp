#include "core/engine/calibration_store.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"

namespace fs = std::filesystem;

namespace posteria::engine {

namespace {

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

bool isIn(const fs::path& folder, const fs::path& parent) {
    std::error_code code;
    return fs::weakly_canonical(folder, code).parent_path() == fs::weakly_canonical(parent, code);
}

[[noreturn]] void refuse(const std::error_code& code, const std::string& folder) {
    throw Error(ErrorKind::Failed, "The model could not be copied: " + code.message() + ".", folder,
                "Choose a folder that can be written.");
}

void write(package::ModelPackage package, const package::Calibration& calibration) {
    package.calibrationJson = package::formatCalibration(calibration);
    package.qualityJson = withoutCalibrated(package.qualityJson);
    package::writePackage(package);
}

}  // namespace

CalibratedModel calibratedModel(const package::ModelPackage& model) {
    const auto own = package::userModelFolder();
    const auto searched = package::modelFolders();
    const bool shipped = std::any_of(
        searched.begin(), searched.end(),
        [&](const std::string& folder) { return folder != own && isIn(model.folder, folder); });
    if (!shipped && ::access(model.folder.c_str(), W_OK) == 0) return {model.folder, model.name};
    const auto name = model.name + "-calibrated";
    return {own + "/" + name + ".posteria", name};
}

void storeCalibration(const package::ModelPackage& model, const package::Calibration& calibration,
                      const CalibratedModel& to) {
    std::error_code code;
    if (to.folder == model.folder || fs::equivalent(to.folder, model.folder, code)) {
        write(model, calibration);
        return;
    }
    const auto target = fs::absolute(to.folder).lexically_normal();
    const auto pending = target.parent_path() / ("." + target.filename().string() + ".partial");
    if (fs::exists(target, code) && !fs::exists(target / "model.json", code)) {
        throw Error(ErrorKind::Usage, "There is something else of this name already.", to.folder,
                    "Choose a new name, or that of a model, which is then replaced.");
    }
    ensureFolder(target.parent_path().string());
    fs::remove_all(pending, code);
    fs::copy(model.folder, pending, fs::copy_options::recursive, code);
    if (code) {
        const auto reason = code;
        fs::remove_all(pending, code);
        refuse(reason, to.folder);
    }
    auto copy = package::readPackage(pending.string());
    copy.name = to.name;
    if (copy.name != model.name) copy.title += ", calibrated";
    write(copy, calibration);
    fs::remove_all(target, code);
    fs::rename(pending, target, code);
    if (code) refuse(code, to.folder);
}

}  // namespace posteria::engine
