// The files below one folder, by keys as Zarr names them ("0/.zarray"). A key that leads out of the
// folder, by its words or through a link, is refused. Also the one exception of this plugin.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ome_zarr {

// What is wrong, as one sentence for the user.
class Problem : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

using Bytes = std::vector<std::uint8_t>;

// "0" and "scale/image" become "0/scale/image"; empty parts and "." go, ".." throws Problem.
std::string joinKey(const std::string& group, const std::string& path);

// A file opened for reading.
class StoredFile {
  public:
    explicit StoredFile(int descriptor, std::string key);
    StoredFile(StoredFile&& other) noexcept;
    StoredFile& operator=(StoredFile&&) = delete;
    ~StoredFile();

    std::uint64_t size() const { return m_size; }
    // Throws Problem when the file is shorter.
    Bytes read(std::uint64_t offset, std::uint64_t length) const;

  private:
    int m_descriptor;
    std::string m_key;
    std::uint64_t m_size = 0;
};

class Store {
  public:
    // Throws Problem when there is no such folder.
    explicit Store(const std::string& folder);

    const std::string& folder() const { return m_folder; }
    bool has(const std::string& key) const { return open(key).has_value(); }
    // Nothing when there is no such file.
    std::optional<StoredFile> open(const std::string& key) const;
    // A JSON object; nothing when there is no such file, Problem for anything else in it.
    std::optional<nlohmann::json> readJson(const std::string& key) const;

  private:
    std::string m_folder;  // without links
};

}  // namespace ome_zarr
