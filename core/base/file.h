// Files that are whole or not there, and their fingerprints.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace posteria {

// What to say of a file that cannot be written; `code` is errno.
Error writeError(const std::string& path, int code);

// A file being written under a temporary name beside its final one. commit() flushes it to disk and
// renames it; without commit() the destructor removes it. So a file with its final name is whole.
// What a program that was killed left under such a name goes when the file is written again: a lock
// tells it from one that is being written.
class PendingFile {
  public:
    // Throws Error{Failed} when the folder is missing or not writable.
    explicit PendingFile(std::string finalPath);
    ~PendingFile();
    PendingFile(const PendingFile&) = delete;
    PendingFile& operator=(const PendingFile&) = delete;

    const std::string& path() const { return m_path; }  // the temporary name to write to
    void commit();                                      // throws Error{Failed}

  private:
    std::string m_finalPath, m_path;
    int m_lock = -1;
    bool m_committed = false;
};

// Writes the whole text through a PendingFile.
void writeTextFile(const std::string& path, const std::string& text);
// The whole file; throws Error{Input} when it is missing, not readable or longer than maxBytes.
std::string readTextFile(const std::string& path, std::uint64_t maxBytes = 64ull << 20);

// Gives a whole file another name on the same disk, whatever has it; throws Error{Failed}.
void moveFile(const std::string& from, const std::string& to);

// Makes the folder and its parents; throws Error{Failed} when that is not possible.
void ensureFolder(const std::string& path);

// What a pattern of the shell (*, ?, [ ], { }, ~) finds, in no order.
std::vector<std::string> filesMatching(const std::string& pattern);

// SHA-256 in lower-case hex. sha256OfFile reads in blocks and throws Error{Input}.
std::string sha256OfBytes(const void* data, std::uint64_t size);
std::string sha256OfFile(const std::string& path);

}  // namespace posteria
