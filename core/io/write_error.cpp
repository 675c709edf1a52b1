#include "core/io/write_error.h"

#include "core/base/file.h"

namespace posteria::io {

Error writeError(const std::string& path, const std::string& detail, int code) {
    if (detail.find("aximum TIFF file size") != std::string::npos) {
        return Error(ErrorKind::Failed, "The image needs more than the 4 GB of a classic TIFF.",
                     path, "Allow BigTIFF.");
    }
    if (code != 0) return posteria::writeError(path, code);
    return Error(ErrorKind::Failed, "The file cannot be written: " + detail + ".", path,
                 "Choose another folder.");
}

}  // namespace posteria::io
