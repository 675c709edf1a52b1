#include "core/plugin/elf_check.h"

#include <elf.h>
#include <link.h>

#include <cstring>
#include <fstream>

namespace posteria::plugin {

bool isWholeLibrary(const std::string& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file) return false;
    const auto size = static_cast<std::uint64_t>(file.tellg());
    const auto read = [&](std::uint64_t offset, auto& value) {
        if (offset > size || sizeof value > size - offset) return false;
        file.seekg(static_cast<std::streamoff>(offset));
        return static_cast<bool>(file.read(reinterpret_cast<char*>(&value), sizeof value));
    };
    ElfW(Ehdr) header;
    if (!read(0, header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return false;
    if (header.e_type != ET_DYN || header.e_phentsize != sizeof(ElfW(Phdr))) return false;
    for (unsigned i = 0; i < header.e_phnum; ++i) {
        ElfW(Phdr) segment;
        if (!read(header.e_phoff + i * sizeof segment, segment)) return false;
        if (segment.p_offset > size || segment.p_filesz > size - segment.p_offset) return false;
    }
    return header.e_phnum > 0;
}

}  // namespace posteria::plugin
