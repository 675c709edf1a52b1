// What a fuzzer made up, as a file for readers that want a path: it lies in memory, and nothing of
// it is left behind.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace posteria::fuzz {

class BytesAsFile {
  public:
    BytesAsFile(const std::uint8_t* data, std::size_t size) : m_file(::memfd_create("fuzz", 0)) {
        if (m_file < 0 || ::write(m_file, data, size) != static_cast<ssize_t>(size)) std::abort();
    }
    ~BytesAsFile() { ::close(m_file); }
    BytesAsFile(const BytesAsFile&) = delete;
    BytesAsFile& operator=(const BytesAsFile&) = delete;

    std::string path() const { return "/proc/self/fd/" + std::to_string(m_file); }

  private:
    int m_file;
};

}  // namespace posteria::fuzz
