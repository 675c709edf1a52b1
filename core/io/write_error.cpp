#include "core/io/write_error.h"

#include <cerrno>
#include <cstring>

namespace posteria::io {

Error writeError(const std::string& path, const std::string& detail, int code) {
    if (code == ENOSPC || code == EDQUOT) {
        return Error(ErrorKind::Failed, "The disk is full.", path,
                     "Free some space or choose another folder.");
    }
    if (detail.find("aximum TIFF file size") != std::string::npos) {
        return Error(ErrorKind::Failed, "The image needs more than the 4 GB of a classic TIFF.",
                     path, "Allow BigTIFF.");
    }
    return Error(ErrorKind::Failed,
                 std::string("The file cannot be written: ") +
                     (code ? std::strerror(code) : detail.c_str()) + ".",
                 path, "Choose another folder.");
}

}  // namespace posteria::io
