#include "core/base/fingerprint.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"

namespace fs = std::filesystem;

namespace posteria {

std::string sha256OfPath(const std::string& path) {
    std::error_code code;
    if (!fs::is_directory(path, code)) return sha256OfFile(path);
    std::vector<std::string> files;
    for (fs::recursive_directory_iterator it(path, code), end; !code && it != end;
         it.increment(code)) {
        if (it->symlink_status().type() == fs::file_type::regular)
            files.push_back(it->path().lexically_relative(path).string());
    }
    if (code)
        throw Error(ErrorKind::Input, "The folder cannot be read to its end.", path,
                    "Check its permissions.");
    std::sort(files.begin(), files.end());
    std::string list;
    for (const auto& file : files)
        list += sha256OfFile((fs::path(path) / file).string()) + "  " + file + "\n";
    return sha256OfBytes(list.data(), list.size());
}

}  // namespace posteria
