#include "core/base/file.h"

#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <system_error>

#include "core/base/error.h"

namespace fs = std::filesystem;

namespace posteria {

namespace {

Error writeError(const std::string& path, int code) {
    if (code == ENOSPC || code == EDQUOT) {
        return Error(ErrorKind::Failed, "The disk is full.", path,
                     "Free some space or choose another folder.");
    }
    return Error(ErrorKind::Failed,
                 std::string("The file cannot be written: ") + std::strerror(code) + ".", path,
                 "Choose a folder you may write to.");
}

}  // namespace

PendingFile::PendingFile(std::string finalPath) : m_finalPath(std::move(finalPath)) {
    const fs::path target(m_finalPath);
    // A short name of its own, so that a 255-byte final name still has room for the suffix.
    const std::string stem = target.filename().string().substr(0, 64);
    const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    std::string pattern = (folder / ("." + stem + ".part-XXXXXX")).string();
    const int fd = ::mkstemp(pattern.data());
    if (fd < 0) throw writeError(m_finalPath, errno);
    ::fchmod(fd, 0644);
    ::close(fd);
    m_path = pattern;
}

PendingFile::~PendingFile() {
    if (!m_committed) ::unlink(m_path.c_str());
}

void PendingFile::commit() {
    const int fd = ::open(m_path.c_str(), O_RDONLY);
    if (fd < 0) throw writeError(m_finalPath, errno);
    const int synced = ::fsync(fd);
    const int code = errno;
    ::close(fd);
    if (synced != 0) throw writeError(m_finalPath, code);
    if (::rename(m_path.c_str(), m_finalPath.c_str()) != 0) throw writeError(m_finalPath, errno);
    m_committed = true;
}

void writeTextFile(const std::string& path, const std::string& text) {
    PendingFile pending(path);
    std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(pending.path().c_str(), "wb"),
                                               &std::fclose);
    if (!file) throw writeError(path, errno);
    if (std::fwrite(text.data(), 1, text.size(), file.get()) != text.size())
        throw writeError(path, errno);
    if (std::fclose(file.release()) != 0) throw writeError(path, errno);
    pending.commit();
}

std::string readTextFile(const std::string& path, std::uint64_t maxBytes) {
    std::error_code code;
    const auto size = fs::file_size(path, code);
    if (code) {
        throw Error(ErrorKind::Input, "The file is missing or cannot be read.", path,
                    "Check the name.");
    }
    if (size > maxBytes) {
        throw Error(ErrorKind::Input, "The file is too large to be what was expected here.", path);
    }
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream)
        throw Error(ErrorKind::Input, "The file cannot be read.", path, "Check its permissions.");
    return text.str();
}

void ensureFolder(const std::string& path) {
    std::error_code code;
    fs::create_directories(path, code);
    if (code || !fs::is_directory(path)) {
        throw Error(ErrorKind::Failed, "The folder cannot be made.", path,
                    "Choose a folder you may write to.");
    }
}

std::vector<std::string> filesMatching(const std::string& pattern) {
    std::vector<std::string> files;
    glob_t found{};
    if (::glob(pattern.c_str(), GLOB_TILDE | GLOB_BRACE | GLOB_NOSORT, nullptr, &found) == 0)
        files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
    return files;
}

}  // namespace posteria
