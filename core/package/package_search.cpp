// Where models lie and which ones there are.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/package/model_package.h"

namespace fs = std::filesystem;

namespace posteria::package {

namespace {

constexpr const char* kSuffix = ".posteria";

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

bool looksLikePath(const std::string& text) {
    return text.find('/') != std::string::npos || fs::path(text).extension() == kSuffix;
}

std::string withoutTrailingSeparators(std::string path) {
    while (path.size() > 1 && path.back() == '/')
        path.pop_back();
    return path;
}

}  // namespace

std::string userModelFolder() {
    const std::string data = environment("XDG_DATA_HOME"), home = environment("HOME");
    if (!data.empty()) return (fs::path(data) / "posteria/models").string();
    return home.empty() ? "" : (fs::path(home) / ".local/share/posteria/models").string();
}

std::vector<std::string> modelFolders() {
    std::vector<std::string> folders;
    std::istringstream list(environment("POSTERIA_MODELS"));
    for (std::string folder; std::getline(list, folder, ':');) {
        if (!folder.empty()) folders.push_back(folder);
    }
    const auto own = userModelFolder();
    if (!own.empty()) folders.push_back(own);
    std::error_code code;
    const fs::path program = fs::read_symlink("/proc/self/exe", code);
    if (!code) {
        folders.push_back(
            (program.parent_path() / "../share/posteria/models").lexically_normal().string());
    }
    folders.push_back(POSTERIA_SOURCE_MODELS);
    return folders;
}

std::vector<ModelPackage> listPackages() {
    std::vector<ModelPackage> packages;
    std::set<std::string> names;
    for (const auto& folder : modelFolders()) {
        std::vector<std::string> candidates;
        std::error_code code;
        for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
            if (it->path().extension() == kSuffix) candidates.push_back(it->path().string());
        }
        std::sort(candidates.begin(), candidates.end());
        for (const auto& candidate : candidates) {
            try {
                auto package = readPackage(candidate);
                if (names.insert(package.name).second) packages.push_back(std::move(package));
            } catch (const Error& error) {
                log::warning(error.what());
            }
        }
    }
    return packages;
}

ModelPackage findPackage(const std::string& nameOrPath) {
    if (looksLikePath(nameOrPath)) return readPackage(withoutTrailingSeparators(nameOrPath));
    std::error_code code;
    for (const auto& folder : modelFolders()) {
        // A broken package that was asked for by name says what is wrong with it.
        const fs::path candidate = fs::path(folder) / (nameOrPath + kSuffix);
        if (fs::exists(candidate, code)) return readPackage(candidate.string());
    }
    std::string known;
    for (auto& package : listPackages()) {
        if (package.name == nameOrPath) return std::move(package);
        known += (known.empty() ? "" : ", ") + package.name;
    }
    throw Error(ErrorKind::Model, "There is no model of this name.", nameOrPath,
                known.empty() ? "No models are installed; give the path of a package."
                              : "Known models: " + known + ".");
}

}  // namespace posteria::package
