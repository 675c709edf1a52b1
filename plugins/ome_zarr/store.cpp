#include "plugins/ome_zarr/store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

namespace fs = std::filesystem;

namespace ome_zarr {

namespace {
constexpr std::uint64_t kLargestDescription = 64u << 20;
}

std::string joinKey(const std::string& group, const std::string& path) {
    std::string key = group;
    std::istringstream parts(path);
    if (!path.empty() && path.front() == '/')
        throw Problem("The image refers to \"" + path + "\", which lies outside its folder.");
    for (std::string part; std::getline(parts, part, '/');) {
        if (part.empty() || part == ".") continue;
        if (part == ".." || part.find('\0') != std::string::npos)
            throw Problem("The image refers to \"" + path + "\", which lies outside its folder.");
        key += (key.empty() ? "" : "/") + part;
    }
    return key;
}

StoredFile::StoredFile(int descriptor, std::string key)
    : m_descriptor(descriptor), m_key(std::move(key)) {
    struct stat status = {};
    if (::fstat(m_descriptor, &status) == 0 && S_ISREG(status.st_mode))
        m_size = static_cast<std::uint64_t>(status.st_size);
}

StoredFile::StoredFile(StoredFile&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_key(std::move(other.m_key)),
      m_size(other.m_size) {}

StoredFile::~StoredFile() {
    if (m_descriptor >= 0) ::close(m_descriptor);
}

Bytes StoredFile::read(std::uint64_t offset, std::uint64_t length) const {
    if (offset > m_size || length > m_size - offset)
        throw Problem("The file \"" + m_key + "\" is cut short.");
    Bytes bytes(length);
    for (std::uint64_t done = 0; done < length;) {
        const auto n = ::pread(m_descriptor, bytes.data() + done, length - done,
                               static_cast<off_t>(offset + done));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0)
            throw Problem("The file \"" + m_key + "\" cannot be read: " + std::strerror(errno) +
                          ".");
        if (n == 0) throw Problem("The file \"" + m_key + "\" is cut short.");
        done += static_cast<std::uint64_t>(n);
    }
    return bytes;
}

Store::Store(const std::string& folder) {
    std::error_code code;
    m_folder = fs::canonical(folder, code).string();
    if (code || !fs::is_directory(m_folder, code)) throw Problem("There is no such folder.");
}

std::optional<StoredFile> Store::open(const std::string& key) const {
    std::error_code code;
    const std::string path = fs::canonical(m_folder + "/" + key, code).string();
    if (code) {
        if (code == std::errc::no_such_file_or_directory || code == std::errc::not_a_directory)
            return std::nullopt;
        throw Problem("The file \"" + key + "\" cannot be read: " + code.message() + ".");
    }
    if (path.compare(0, m_folder.size() + 1, m_folder + "/") != 0)
        throw Problem("\"" + key + "\" is a link to something outside the image's folder.");
    if (!fs::is_regular_file(path, code)) return std::nullopt;
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0)
        throw Problem("The file \"" + key + "\" cannot be read: " + std::strerror(errno) + ".");
    return StoredFile(descriptor, key);
}

std::optional<nlohmann::json> Store::readJson(const std::string& key) const {
    const auto file = open(key);
    if (!file) return std::nullopt;
    if (file->size() > kLargestDescription)
        throw Problem("The file \"" + key + "\" is too large for a description.");
    const Bytes bytes = file->read(0, file->size());
    auto json = nlohmann::json::parse(bytes.begin(), bytes.end(), nullptr, false);
    if (!json.is_object())
        throw Problem("The file \"" + key + "\" is damaged: it is no JSON object.");
    return json;
}

}  // namespace ome_zarr
