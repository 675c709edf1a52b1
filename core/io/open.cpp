#include "core/io/open.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <new>

#include "core/base/error.h"
#include "core/io/further.h"
#include "core/io/reader.h"
#include "core/io/readers.h"

namespace fs = std::filesystem;

namespace posteria::io {

using image::StackPtr;

namespace {

// Formats people try to open that have a name but no reader, so that the message can say it.
std::string knownFormat(const Candidate& candidate) {
    const auto starts = [&candidate](std::size_t at, const std::string& magic) {
        return candidate.head.size() >= at + magic.size() &&
               std::memcmp(candidate.head.data() + at, magic.data(), magic.size()) == 0;
    };
    using namespace std::string_literals;
    if (starts(0, "ZISRAW")) return "a Zeiss CZI file";
    if (starts(0, "\xDA\xCE\xBE\x0A"s)) return "a Nikon ND2 file";
    if (starts(0, "\x70\x00\x00\x00"s)) return "a Leica LIF file";
    if (starts(0, "\x89HDF"s)) return "an HDF5 file";
    if (starts(0, "PK\x03\x04"s)) return "a zip archive";
    if (starts(0, "GIF8"s)) return "a GIF picture";
    if (starts(0, "\0\0\0\x0CjP  "s) || starts(0, "\xFF\x4F\xFF\x51"s))
        return "a JPEG 2000 picture";
    return {};
}

// Whose format it is decides what it is best converted with.
std::string wayOut(const Candidate& candidate, const std::string& format) {
    if (candidate.folder)
        return "Choose an image file; OME-Zarr folders are opened by the plugin ome-zarr.";
    for (const char* maker : {"Zeiss", "Nikon", "Leica"}) {
        if (format.find(maker) != std::string::npos) {
            const auto name = fs::path(candidate.path).filename().string();
            return "Convert it with Bio-Formats: bfconvert \"" + name + "\" \"" +
                   fs::path(name).stem().string() + ".ome.tif\".";
        }
    }
    return "Save it as TIFF or OME-TIFF first.";
}

}  // namespace

Candidate candidateAt(const std::string& path) {
    constexpr std::size_t kHead = 4096;
    Candidate candidate;
    candidate.path = path;
    std::error_code code;
    const auto status = fs::status(path, code);
    if (!fs::exists(status)) {
        throw Error(ErrorKind::Input, "There is no such file.", path,
                    "Check the name and the folder.");
    }
    candidate.folder = fs::is_directory(status);
    if (candidate.folder) return candidate;
    if (!fs::is_regular_file(status))
        throw Error(ErrorKind::Input, "This is not a file.", path, "Choose an image file.");
    candidate.size = fs::file_size(path, code);
    if (candidate.size == 0) {
        throw Error(ErrorKind::Input, "The file is empty.", path, "Copy it again from its source.");
    }
    std::ifstream stream(path, std::ios::binary);
    candidate.head.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kHead, candidate.size)));
    stream.read(reinterpret_cast<char*>(candidate.head.data()),
                static_cast<std::streamsize>(candidate.head.size()));
    if (!stream)
        throw Error(ErrorKind::Input, "The file cannot be read.", path, "Check its permissions.");
    return candidate;
}

std::vector<StackPtr> openAll(const std::string& path, const std::vector<const Reader*>& further) {
    const Candidate candidate = candidateAt(path);
    const auto builtIn = builtInReaders();
    std::vector<const Reader*> readers = further;
    for (const auto& reader : builtIn)
        readers.push_back(reader.get());
    const auto reader = std::find_if(readers.begin(), readers.end(),
                                     [&](const Reader* r) { return r->canRead(candidate); });
    if (reader == readers.end()) {
        const auto format = knownFormat(candidate);
        throw Error(ErrorKind::Input,
                    candidate.folder ? "The folder is not an image that can be read."
                    : format.empty() ? "The file is not an image that can be read."
                                     : "The file is " + format + ", which cannot be read.",
                    path, wayOut(candidate, format));
    }
    try {
        return (*reader)->openAll(path);
    } catch (const std::bad_alloc&) {
        throw Error(ErrorKind::Input,
                    "The file is damaged, or too large for the memory of this computer.", path,
                    "Copy it again from its source.");
    }
}

std::vector<StackPtr> openAll(const std::string& path) {
    std::vector<const Reader*> further;
    for (const auto& reader : furtherReaders())
        further.push_back(reader.get());
    return openAll(path, further);
}

StackPtr open(const std::string& path, int series) {
    const auto all = openAll(path);
    if (series < 0 || static_cast<std::size_t>(series) >= all.size()) {
        throw Error(ErrorKind::Input, "The file has no series " + std::to_string(series) + ".",
                    path, "It has " + std::to_string(all.size()) + ", counted from 0.");
    }
    return all[static_cast<std::size_t>(series)];
}

}  // namespace posteria::io
