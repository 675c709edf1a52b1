// OME-TIFF: one file, or a set of files that one description names.
#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/io/reader.h"
#include "core/io/tiff_series.h"

namespace fs = std::filesystem;

namespace posteria::io {

using image::StackPtr;

namespace {

// Whether a name stays below the folder it is taken to be in.
bool staysInside(const fs::path& name) {
    return name.is_relative() && std::none_of(name.begin(), name.end(),
                                              [](const fs::path& part) { return part == ".."; });
}

[[noreturn]] void refuseOutside(const std::string& name, const std::string& path) {
    throw Error(ErrorKind::Input,
                "The OME description names a file outside its own folder, \"" + name +
                    "\", which is not opened.",
                path, "Keep the files of a set in one folder.");
}

// Finds the files that a document names, beside the file it was found in.
class OmeFiles {
  public:
    OmeFiles(const OmeDocument& document, const std::string& path,
             std::shared_ptr<const TiffFile> opened)
        : m_set(std::make_shared<TiffFileSet>()),
          m_uuid(document.uuid),
          m_folder(fs::path(path).parent_path()),
          m_path(path),
          m_ownName(fs::path(path).filename().string()) {
        if (opened) m_own = static_cast<std::int32_t>(m_set->add(std::move(opened)));
        std::set<std::string> names;
        for (const auto& image : document.images) {
            for (const auto& data : image.tiffData)
                names.insert(data.fileName);
        }
        m_oneFile = names.size() <= 1;
    }
    const std::shared_ptr<TiffFileSet>& set() const { return m_set; }
    bool named(const OmeTiffData& data) const { return !data.fileName.empty(); }

    // The file's number, or -1 when it is missing.
    std::int32_t find(const OmeTiffData& data) {
        const bool sameId = !data.uuid.empty() && data.uuid == m_uuid;
        if (m_own >= 0 && (data.fileName.empty() || sameId || data.fileName == m_ownName))
            return m_own;
        if (const auto known = m_found.find(data.fileName); known != m_found.end())
            return known->second;
        std::error_code code;
        std::int32_t number = -1;
        if (m_oneFile && m_own >= 0 && !staysInside(data.fileName)) return m_own;
        if (!staysInside(data.fileName)) refuseOutside(data.fileName, m_path);
        const fs::path there = m_folder / data.fileName;
        if (!data.fileName.empty() && fs::is_regular_file(there, code)) {
            number = static_cast<std::int32_t>(m_set->add(there.string()));
        } else if (m_oneFile) {
            number = m_own;  // a single file that was renamed
        }
        return m_found[data.fileName] = number;
    }

  private:
    std::shared_ptr<TiffFileSet> m_set;
    std::string m_uuid;
    fs::path m_folder;
    std::string m_path;
    std::string m_ownName;
    std::map<std::string, std::int32_t> m_found;
    std::int32_t m_own = -1;
    bool m_oneFile = false;
};

// The table of an image's planes; `nextIfd` counts on where the description names no directories.
class PlaneWalk {
  public:
    PlaneWalk(const OmeImage& image, int samples)
        : m_image(image),
          m_samples(samples),
          m_channels(std::max<std::int64_t>(1, image.sizeC / samples)) {
        m_table.shape = {image.sizeT, m_channels * samples, image.sizeZ, 1, 1};
        m_table.planes.resize(static_cast<std::size_t>(m_table.shape.planes()));
    }

    std::int64_t total() const { return m_image.sizeT * m_channels * m_image.sizeZ; }

    // Puts `count` pages of a file, from `ifd` on, at the planes that follow the first one.
    void place(std::int32_t file, std::int64_t ifd, std::int64_t count, const OmeTiffData& first) {
        std::int64_t at[3] = {first.firstZ,
                              first.firstC >= m_channels ? first.firstC / m_samples : first.firstC,
                              first.firstT};
        const std::int64_t sizes[3] = {m_image.sizeZ, m_channels, m_image.sizeT};
        const auto axisOf = [](char name) { return name == 'Z' ? 0 : name == 'C' ? 1 : 2; };
        for (int a = 0; a < 3; ++a) {
            if (at[a] < 0 || at[a] >= sizes[a]) return;  // out of the image: ignored, as others do
        }
        for (std::int64_t i = 0; i < count; ++i) {
            for (int sample = 0; sample < m_samples; ++sample) {
                const auto channel = at[1] * m_samples + sample;
                auto& address = m_table.planes[static_cast<std::size_t>(
                    (at[2] * m_table.shape.c + channel) * m_image.sizeZ + at[0])];
                address = {file, static_cast<std::int32_t>(ifd + i), sample, 0};
            }
            bool carry = true;
            for (std::size_t a = 2; a < 5 && carry; ++a) {
                auto& position = at[axisOf(m_image.order[a])];
                carry = ++position >= sizes[axisOf(m_image.order[a])];
                if (carry) position = 0;
            }
            if (carry) return;  // past the last plane
        }
    }
    TiffSource::Table take() { return std::move(m_table); }

  private:
    const OmeImage& m_image;
    int m_samples;
    std::int64_t m_channels;
    TiffSource::Table m_table;
};

std::int64_t pageCount(const TiffFileSet& set, std::int32_t file) {
    return static_cast<std::int64_t>(set.get(static_cast<std::size_t>(file))->pages().size());
}

// The page that stands for the image: that of the first TiffData whose file is there.
struct Representative {
    std::int32_t file = -1;
    PageLayout page;
};
Representative representative(const OmeImage& image, OmeFiles& files, std::int64_t nextIfd) {
    const auto look = [&files](std::int32_t file, std::int64_t ifd) -> Representative {
        if (file < 0 || ifd < 0) return {};
        const auto opened = files.set()->get(static_cast<std::size_t>(file));
        if (ifd >= static_cast<std::int64_t>(opened->pages().size())) return {};
        return {file, opened->pages()[static_cast<std::size_t>(ifd)]};
    };
    for (const auto& data : image.tiffData) {
        if (auto found = look(files.find(data), data.ifd); found.file >= 0) return found;
    }
    return image.tiffData.empty() ? look(files.find({}), nextIfd) : Representative();
}

std::string axesOf(const OmeImage& image, const image::Shape& shape, const PageLayout& page) {
    std::string axes;
    const auto channels = shape.c / page.samples;
    for (auto i = image.order.rbegin(); i != image.order.rend() - 2; ++i) {
        const auto size = *i == 'T' ? shape.t : *i == 'C' ? channels : shape.z;
        if (size > 1) axes += *i;
    }
    const bool samples = page.samples > 1 && channels == 1;
    return axes + (samples && page.planar ? "CYX" : samples ? "YXC" : "YX");
}

void describe(const OmeImage& image, const PageLayout& page, SeriesDraft& draft) {
    auto& info = draft.info;
    const auto& shape = draft.table.shape;
    info.name = image.name;
    info.axes = axesOf(image, shape, page);
    if (image.physicalX && image.physicalY) {
        info.voxelSize =
            image::VoxelSize{*image.physicalX, *image.physicalY, image.physicalZ.value_or(1.0)};
    }
    info.timeIncrementS = image.timeIncrement;
    info.annotations = image.annotations;
    info.channels = image.channels;
    // One Channel element can stand for all samples of a colour image; its name is then none of
    // theirs.
    if (static_cast<std::int64_t>(info.channels.size()) != shape.c) info.channels.clear();
    if (image.sizeX != page.width || image.sizeY != page.height) {
        info.warnings.push_back(
            "The OME description gives another image size than the pages have; the pages were "
            "believed.");
    }
    const auto missing = std::count_if(draft.table.planes.begin(), draft.table.planes.end(),
                                       [](const auto& a) { return a.file < 0; });
    if (missing > 0) {
        info.warnings.push_back(
            std::to_string(missing) + " of " + std::to_string(shape.planes()) +
            " planes that the OME description names are missing and shown as zeros.");
    }
}

StackPtr stackOf(const OmeImage& image, OmeFiles& files, const std::string& path,
                 const PageRoles& roles, std::int64_t& nextIfd, int number) {
    // Beyond this many planes a description is believed only as far as there are pages.
    constexpr std::int64_t kManyPlanes = 1 << 20;
    const auto model = representative(image, files, nextIfd);
    if (model.file < 0) return nullptr;
    const auto most =
        std::max(kManyPlanes, pageCount(*files.set(), model.file) * model.page.samples);
    if (image.sizeT > most || image.sizeC > most || image.sizeZ > most ||
        image.sizeT * image.sizeC > most || image.sizeT * image.sizeC * image.sizeZ > most) {
        return nullptr;
    }
    PlaneWalk walk(image, model.page.samples);
    if (image.tiffData.empty()) {
        const auto own = files.find({});
        const auto count = std::min(walk.total(), pageCount(*files.set(), own) - nextIfd);
        walk.place(own, nextIfd, count, {});
        nextIfd += count;
    }
    for (const auto& data : image.tiffData) {
        const auto file = files.find(data);
        if (file < 0 || data.ifd < 0) continue;
        // Files that are only named are not opened to count their pages: one plane each.
        auto count =
            data.planeCount.value_or(files.named(data) && file != model.file ? 1 : walk.total());
        count = std::min(count, walk.total());
        if (file == model.file) count = std::min(count, pageCount(*files.set(), file) - data.ifd);
        walk.place(file, data.ifd, count, data);
        nextIfd = data.ifd + count;
    }
    SeriesDraft draft;
    draft.table = walk.take();
    draft.table.shape.y = model.page.height;
    draft.table.shape.x = model.page.width;
    draft.info.series = number;
    describe(image, model.page, draft);
    return finishSeries(std::move(draft), files.set(), path, model.page, roles);
}

}  // namespace

std::vector<StackPtr> stacksOfOme(const OmeDocument& document, const std::string& path,
                                  const std::shared_ptr<const TiffFile>& opened) {
    if (!document.metadataFile.empty() && document.images.empty()) {
        if (!staysInside(document.metadataFile)) refuseOutside(document.metadataFile, path);
        const auto master = fs::path(path).parent_path() / document.metadataFile;
        std::error_code code;
        if (!fs::is_regular_file(master, code) || fs::equivalent(master, path, code)) return {};
        return stacksOfOmeFile(master.string());
    }
    OmeFiles files(document, path, opened);
    const auto roles = opened ? rolesOf(opened->pages()) : PageRoles();
    std::vector<StackPtr> stacks;
    std::int64_t nextIfd = 0;
    for (const auto& image : document.images) {
        const auto number = static_cast<int>(stacks.size());
        if (auto stack = stackOf(image, files, path, roles, nextIfd, number)) {
            stacks.push_back(std::move(stack));
        }
    }
    return stacks;
}

std::vector<StackPtr> stacksOfOmeFile(const std::string& path) {
    std::shared_ptr<const TiffFile> opened;
    std::string text;
    if (isTiffHead(candidateAt(path).head)) {
        opened = std::make_shared<const TiffFile>(path);
        text = opened->firstTags().description;
    } else {
        text = readTextFile(path);
    }
    const auto document = parseOmeXml(text);
    // A stub that names a stub leads nowhere.
    if (!document || document->images.empty()) return {};
    return stacksOfOme(*document, path, opened);
}

}  // namespace posteria::io
