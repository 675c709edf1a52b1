// Where the bytes of a file come from. A file on disk is opened once and read at offsets, so that
// every user of it sees the same file even when another one takes its name. A source is immutable
// and may be read from any thread. Private to core/io.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace posteria::io {

// Tells a file from another of the same name, and from itself after somebody has written to it.
struct FileIdentity {
    std::uint64_t device = 0, node = 0, size = 0;
    std::int64_t seconds = 0, nanoseconds = 0;  // of the last change

    bool operator==(const FileIdentity& o) const {
        return device == o.device && node == o.node && size == o.size && seconds == o.seconds &&
               nanoseconds == o.nanoseconds;
    }
    bool operator!=(const FileIdentity& o) const { return !(*this == o); }
};

class ByteSource {
  public:
    virtual ~ByteSource() = default;
    // As it was when the source was made.
    virtual FileIdentity identity() const = 0;
    // The bytes from `offset` on: how many there were, fewer than `count` only at the end.
    virtual std::size_t read(std::uint64_t offset, void* out, std::size_t count) const = 0;
    // Throws Error{Input} when the file was written to, or cut short, since the source was made.
    virtual void checkUnchanged() const {}
};

class FileBytes : public ByteSource {
  public:
    // Throws Error{Input}.
    explicit FileBytes(std::string path);
    ~FileBytes() override;
    FileBytes(const FileBytes&) = delete;
    FileBytes& operator=(const FileBytes&) = delete;

    FileIdentity identity() const override { return m_identity; }
    std::size_t read(std::uint64_t offset, void* out, std::size_t count) const override;
    void checkUnchanged() const override;

  private:
    std::string m_path;
    int m_descriptor = -1;
    FileIdentity m_identity;
};

// What a reader throws for a file that is another one now.
[[noreturn]] void throwChanged(const std::string& path);

}  // namespace posteria::io
