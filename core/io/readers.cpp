#include "core/io/readers.h"

#include "core/base/error.h"
#include "core/io/tiff_series.h"

namespace posteria::io {

namespace {

class TiffReader : public Reader {
  public:
    const char* name() const override { return "tiff"; }
    bool canRead(const Candidate& candidate) const override { return isTiffHead(candidate.head); }
    std::vector<image::StackPtr> openAll(const std::string& path) const override {
        return stacksOfTiff(path);
    }
};

// The .companion.ome file of an OME-TIFF set.
class OmeCompanionReader : public Reader {
  public:
    const char* name() const override { return "ome-companion"; }
    bool canRead(const Candidate& candidate) const override {
        const std::string start(candidate.head.begin(), candidate.head.end());
        const auto first = start.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
        return first != std::string::npos && start[first] == '<' && looksLikeOme(start);
    }
    std::vector<image::StackPtr> openAll(const std::string& path) const override {
        auto stacks = stacksOfOmeFile(path);
        if (stacks.empty()) {
            throw Error(ErrorKind::Input,
                        "None of the image files that this OME description names can be found.",
                        path, "Keep it in one folder with its image files.");
        }
        return stacks;
    }
};

}  // namespace

bool isTiffHead(const std::vector<unsigned char>& head) {
    if (head.size() < 4) return false;
    const bool little = head[0] == 'I' && head[1] == 'I', big = head[0] == 'M' && head[1] == 'M';
    const unsigned version = little ? head[2] | head[3] << 8 : head[2] << 8 | head[3];
    return (little || big) && (version == 42 || version == 43);
}

std::vector<std::unique_ptr<const Reader>> builtInReaders() {
    std::vector<std::unique_ptr<const Reader>> readers;
    readers.push_back(std::make_unique<TiffReader>());
    readers.push_back(std::make_unique<OmeCompanionReader>());
    readers.push_back(makePngReader());
    readers.push_back(makeJpegReader());
    readers.push_back(makeDvReader());
    return readers;
}

}  // namespace posteria::io
