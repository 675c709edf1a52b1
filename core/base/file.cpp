#include "core/base/file.h"

#include <fcntl.h>
#include <glob.h>
#include <sys/file.h>
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

namespace fs = std::filesystem;

namespace posteria {

Error writeError(const std::string& path, int code) {
    if (code == ENOSPC || code == EDQUOT) {
        return Error(ErrorKind::Failed, "The disk is full.", path,
                     "Free some space or choose another folder.");
    }
    return Error(ErrorKind::Failed,
                 std::string("The file cannot be written: ") + std::strerror(code) + ".", path,
                 "Choose a folder you may write to.");
}

namespace {

bool lock(int fd) {
    return ::flock(fd, LOCK_EX | LOCK_NB) == 0;
}

// Files of this beginning that nobody holds.
void removeLeftovers(const fs::path& folder, const std::string& beginning) {
    std::error_code code;
    for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
        const auto name = it->path().filename().string();
        if (name.size() != beginning.size() + 6 || name.rfind(beginning, 0) != 0) continue;
        const int fd = ::open(it->path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        if (fd < 0) continue;
        if (lock(fd)) ::unlink(it->path().c_str());
        ::close(fd);
    }
}

// A new file of that pattern, locked. Another program may have taken it for a leftover before it
// was.
int makeLocked(std::string& path) {
    for (const std::string pattern = path;; path = pattern) {
        const int fd = ::mkostemp(path.data(), O_CLOEXEC);
        if (fd < 0) return fd;
        struct stat status = {};
        if (!lock(fd) || ::fstat(fd, &status) != 0 || status.st_nlink > 0) return fd;
        ::close(fd);
    }
}

}  // namespace

PendingFile::PendingFile(std::string finalPath) : m_finalPath(std::move(finalPath)) {
    const fs::path target(m_finalPath);
    // A short name of its own, so that a 255-byte final name still has room for the suffix.
    const std::string beginning = "." + target.filename().string().substr(0, 64) + ".part-";
    const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    removeLeftovers(folder, beginning);
    m_path = (folder / (beginning + "XXXXXX")).string();
    m_lock = makeLocked(m_path);
    if (m_lock < 0) throw writeError(m_finalPath, errno);
    ::fchmod(m_lock, 0644);
}

PendingFile::~PendingFile() {
    if (!m_committed) ::unlink(m_path.c_str());
    ::close(m_lock);
}

void PendingFile::commit() {
    const int fd = ::open(m_path.c_str(), O_RDONLY);
    if (fd < 0) throw writeError(m_finalPath, errno);
    const int synced = ::fsync(fd);
    const int code = errno;
    ::close(fd);
    if (synced != 0) throw writeError(m_finalPath, code);
    moveFile(m_path, m_finalPath);
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

void moveFile(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) throw writeError(to, errno);
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
