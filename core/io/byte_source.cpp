#include "core/io/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/base/error.h"

namespace posteria::io {

namespace {

bool look(int descriptor, FileIdentity& identity) {
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0) return false;
    identity = {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
                status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
    return true;
}

}  // namespace

void throwChanged(const std::string& path) {
    throw Error(ErrorKind::Input, "The file was changed while it was being read.", path,
                "Open it again once it is complete.");
}

FileBytes::FileBytes(std::string path)
    : m_path(std::move(path)), m_descriptor(::open(m_path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (m_descriptor >= 0 && look(m_descriptor, m_identity)) return;
    if (m_descriptor >= 0) ::close(m_descriptor);
    throw Error(ErrorKind::Input, "The file cannot be read.", m_path, "Check its permissions.");
}

FileBytes::~FileBytes() {
    ::close(m_descriptor);
}

std::size_t FileBytes::read(std::uint64_t offset, void* out, std::size_t count) const {
    std::size_t done = 0;
    while (done < count) {
        const auto got = ::pread(m_descriptor, static_cast<char*>(out) + done, count - done,
                                 static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

void FileBytes::checkUnchanged() const {
    FileIdentity now;
    if (!look(m_descriptor, now) || now != m_identity) throwChanged(m_path);
}

}  // namespace posteria::io
