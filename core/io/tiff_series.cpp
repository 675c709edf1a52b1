#include "core/io/tiff_series.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/io/imagej_metadata.h"
#include "core/io/lsm_metadata.h"
#include "core/io/stk_metadata.h"

namespace posteria::io {

using image::StackInfo;
using image::StackPtr;

namespace {

constexpr int kRgb = 2, kPalette = 3, kYCbCr = 6;

// Whether `small` is `large` at a lower resolution.
bool isLevelOf(const PageLayout& small, const PageLayout& large) {
    if (small.width >= large.width || small.height >= large.height ||
        small.samples != large.samples || small.bits != large.bits ||
        small.format != large.format || small.planar != large.planar) {
        return false;
    }
    const double factor = static_cast<double>(large.width) / static_cast<double>(small.width);
    return std::abs(static_cast<double>(large.height) / factor -
                    static_cast<double>(small.height)) <= 2.0;
}

// Slide scanners do not mark the levels of a pyramid: tiled pages, a half or a quarter of the one
// before.
bool isWholeFraction(const PageLayout& small, const PageLayout& large) {
    constexpr double kRounding = 0.02;
    const double factor = static_cast<double>(large.width) / static_cast<double>(small.width);
    return large.tiled && factor > 2 - kRounding &&
           std::abs(factor - std::round(factor)) < kRounding * factor;
}

// The levels a page's SubIFDs hold, largest first.
std::vector<PageLayout> subIfdLevels(const TiffFile& file, const PageLayout& page) {
    constexpr std::size_t kMost = 32;
    std::vector<PageLayout> levels;
    for (std::size_t i = 0; i < std::min(page.subIfds.size(), kMost); ++i) {
        try {
            auto layout = file.layoutAt(page.subIfds[i]);
            if (!isLevelOf(layout, levels.empty() ? page : levels.back())) break;
            levels.push_back(std::move(layout));
        } catch (const Error&) {
            break;  // the full-size image is still good
        }
    }
    return levels;
}

std::vector<PageLayout> levelsOf(const TiffSource::Table& table, const TiffFileSet& files,
                                 const PageLayout& page, const PageRoles& roles) {
    const auto first = std::find_if(table.planes.begin(), table.planes.end(),
                                    [](const auto& a) { return a.file >= 0; });
    if (first == table.planes.end() || first->rawStart != 0) return {};
    const auto followers = roles.reduced.find(first->page);
    if (!page.subIfds.empty()) {
        auto levels = subIfdLevels(*files.get(static_cast<std::size_t>(first->file)), page);
        // A plane of the same file with fewer levels would fail later: then the stack has none.
        for (const auto& address : table.planes) {
            if (address.file != first->file) continue;
            const auto file = files.get(static_cast<std::size_t>(address.file));
            if (file->pages()[static_cast<std::size_t>(address.page)].subIfds.size() <
                levels.size())
                return {};
        }
        return levels;
    }
    if (followers == roles.reduced.end()) return {};
    for (const auto& address : table.planes) {
        const auto own = roles.reduced.find(address.page);
        if (own == roles.reduced.end() || own->second.size() != followers->second.size()) return {};
    }
    return followers->second;
}

void nameColourSamples(StackInfo& info, const PageLayout& page) {
    if ((page.photometric != kRgb && page.photometric != kYCbCr) || page.samples < 3 ||
        page.samples > 4)
        return;
    if (info.shape.c != page.samples) return;
    static constexpr std::pair<const char*, std::uint32_t> kColours[] = {
        {"Red", 0xff0000}, {"Green", 0x00ff00}, {"Blue", 0x0000ff}, {"Alpha", 0xffffff}};
    for (std::size_t c = 0; c < info.channels.size(); ++c) {
        if (info.channels[c].name.empty()) info.channels[c].name = kColours[c].first;
        if (!info.channels[c].color) info.channels[c].color = kColours[c].second;
    }
}

// "TCZ" and the like from the sizes, slowest first, then Y, X and the samples where they are.
std::string axesOf(const std::string& slowestFirst, std::int64_t t, std::int64_t c, std::int64_t z,
                   const PageLayout& page) {
    std::string axes;
    for (char axis : slowestFirst) {
        const auto size = axis == 'T' ? t : axis == 'C' ? c : z;
        if (size > 1) axes += axis;
    }
    const bool samples = page.samples > 1 && axes.find('C') == std::string::npos;
    return axes + (samples && page.planar ? "CYX" : samples ? "YXC" : "YX");
}

// One file whose pages are all of one series.
struct PageSeries {
    std::shared_ptr<TiffFileSet> files;
    const TiffFile& file;
    const PageRoles& roles;
    std::vector<std::int32_t> pages;  // those of the series
    int number = 0;                   // of the series in the file
    std::string name;                 // empty: the file's

    const PageLayout& layout() const {
        return file.pages()[static_cast<std::size_t>(pages.front())];
    }

    // Places plane `count` numbers of (t, c, z), `order` fastest first ("czt"); samples are the
    // fastest channels. With rawStart the planes follow one another from there.
    SeriesDraft draft(std::int64_t t, std::int64_t c, std::int64_t z, const std::string& order,
                      std::uint64_t rawStart = 0) const {
        const auto& page = layout();
        SeriesDraft draft;
        auto& shape = draft.table.shape;
        shape = {t, c * page.samples, z, page.height, page.width};
        draft.table.planes.resize(static_cast<std::size_t>(shape.planes()));
        std::int64_t at[3] = {0, 0, 0};  // c, z, t
        const auto axisOf = [](char name) { return name == 'c' ? 0 : name == 'z' ? 1 : 2; };
        const std::int64_t sizes[3] = {c, z, t};
        for (std::int64_t i = 0; i < c * z * t; ++i) {
            for (int sample = 0; sample < page.samples; ++sample) {
                const auto channel = at[0] * page.samples + sample;
                auto& address =
                    draft.table
                        .planes[static_cast<std::size_t>((at[2] * shape.c + channel) * z + at[1])];
                address.file = 0;
                address.sample = sample;
                if (rawStart != 0) {
                    address.rawStart =
                        rawStart + static_cast<std::uint64_t>(i) * page.planeBytes() * page.samples;
                    address.page = pages.front();
                } else {
                    address.page = pages[static_cast<std::size_t>(i)];
                }
            }
            for (char name : order) {
                if (++at[axisOf(name)] < sizes[axisOf(name)]) break;
                at[axisOf(name)] = 0;
            }
        }
        std::string slowestFirst(order.rbegin(), order.rend());
        for (char& axis : slowestFirst)
            axis = static_cast<char>(axis - 'a' + 'A');
        draft.info.axes = axesOf(slowestFirst, t, c, z, page);
        draft.info.channels.resize(static_cast<std::size_t>(shape.c));
        return draft;
    }
    StackPtr finish(SeriesDraft made) const {
        const auto& tags = file.firstTags();
        auto& channels = made.info.channels;
        if (layout().photometric == kPalette && number == 0 && channels.size() == 1) {
            if (!channels[0].color) channels[0].color = tags.rampColor;
            if (!tags.rampColor) {
                made.info.warnings.push_back(
                    "The pixels are numbers of colours in a palette; they are shown as grey "
                    "values.");
            }
        }
        made.info.series = number;
        made.info.name = name;
        return finishSeries(std::move(made), files, file.path(), layout(), roles);
    }
};

// Room for `count` uncompressed planes one behind the other; 0 when there is none.
std::uint64_t rawStartFor(const PageSeries& series, std::int64_t count) {
    const auto& page = series.layout();
    const auto start = series.file.contiguousStart(page);
    const auto bytes = page.planeBytes() * static_cast<std::uint64_t>(page.samples);
    if (start == 0 || start > series.file.size()) return 0;
    return static_cast<std::uint64_t>(count) <= (series.file.size() - start) / bytes ? start : 0;
}

StackPtr imagejStack(const PageSeries& series) {
    const auto meta = parseImagej(series.file.firstTags(), series.layout().littleEndian);
    auto count = static_cast<std::int64_t>(series.pages.size());
    std::uint64_t rawStart = 0;
    std::vector<std::string> warnings;
    if (meta.images > count) {
        // Beyond 4 GB ImageJ writes one directory and the planes behind one another.
        rawStart = rawStartFor(series, meta.images);
        if (rawStart != 0) {
            count = meta.images;
        } else {
            warnings.push_back("The file announces " + std::to_string(meta.images) +
                               " planes and holds " + std::to_string(count) + ".");
        }
    }
    const bool hyperstack = static_cast<double>(meta.channels) * static_cast<double>(meta.slices) *
                                static_cast<double>(meta.frames) ==
                            static_cast<double>(count);
    auto draft = hyperstack
                     ? series.draft(meta.frames, meta.channels, meta.slices, meta.order, rawStart)
                     : series.draft(1, 1, count, "czt", rawStart);
    auto& info = draft.info;
    info.warnings = warnings;
    draft.table.signedByOffset = meta.signedByOffset;
    if (meta.pixelWidthUm && meta.pixelHeightUm) {
        info.voxelSize =
            image::VoxelSize{*meta.pixelWidthUm, *meta.pixelHeightUm, meta.spacingUm.value_or(1.0)};
    }
    if (draft.table.shape.t > 1) info.timeIncrementS = meta.frameIntervalS;
    const bool samplesAreChannels = series.layout().samples > 1;
    const auto names = channelNames(meta);
    for (std::size_t c = 0; c < info.channels.size() && !samplesAreChannels; ++c) {
        if (c < names.size() && info.channels.size() == names.size())
            info.channels[c].name = names[c];
        if (c < meta.colors.size() && (info.channels.size() > 1 || meta.colors[c] != 0))
            info.channels[c].color = meta.colors[c];
        if (c < meta.ranges.size()) info.channels[c].displayRange = meta.ranges[c];
    }
    return series.finish(std::move(draft));
}

StackPtr lsmStack(const PageSeries& series, const LsmMetadata& meta) {
    const auto count = static_cast<std::int64_t>(series.pages.size());
    const bool fits = meta.sizeZ * meta.sizeT == count;
    auto draft =
        fits ? series.draft(meta.sizeT, 1, meta.sizeZ, "czt") : series.draft(1, 1, count, "czt");
    draft.info.voxelSize = meta.voxelSize;
    draft.info.timeIncrementS = meta.timeIncrementS;
    if (meta.channels.size() == draft.info.channels.size()) draft.info.channels = meta.channels;
    return series.finish(std::move(draft));
}

// MetaMorph: one directory, and planes behind it that the file's private tags tell of. Null when
// they are not there.
StackPtr stkStack(const PageSeries& series) {
    const auto meta = parseStk(series.file.bytes());
    const auto start = meta ? rawStartFor(series, meta->planes) : 0;
    if (start == 0) return nullptr;
    auto draft = series.draft(meta->slices ? 1 : meta->planes, 1, meta->slices ? meta->planes : 1,
                              "czt", start);
    draft.info.voxelSize = meta->voxelSize;
    draft.info.timeIncrementS = meta->timeIncrementS;
    return series.finish(std::move(draft));
}

StackPtr plainStack(const PageSeries& series) {
    auto draft = series.draft(1, 1, static_cast<std::int64_t>(series.pages.size()), "czt");
    const auto& tags = series.file.firstTags();
    // A resolution in centimetres that is fine enough for a microscope is meant as a pixel size;
    // the usual 72 or 300 per inch is not.
    constexpr double kFineEnough = 1000;
    if (tags.resolutionUnit == 3 && tags.xResolution > kFineEnough &&
        tags.yResolution > kFineEnough) {
        draft.info.voxelSize =
            image::VoxelSize{1e4 / tags.xResolution, 1e4 / tags.yResolution, 1.0};
    }
    return series.finish(std::move(draft));
}

// Pages of the same size and type, each group in the file's order.
std::vector<std::vector<std::int32_t>> groupsOf(const TiffFile& file, const PageRoles& roles) {
    std::vector<std::vector<std::int32_t>> groups;
    for (const auto index : roles.full) {
        const auto& page = file.pages()[static_cast<std::size_t>(index)];
        const auto same = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
            return file.pages()[static_cast<std::size_t>(group.front())].sameKind(page);
        });
        if (same != groups.end()) {
            same->push_back(index);
        } else {
            groups.push_back({index});
        }
    }
    return groups;
}

StackPtr stackOfGroup(const PageSeries& series, bool first) {
    if (!first) return plainStack(series);
    const auto& tags = series.file.firstTags();
    if (isImagejDescription(tags.description)) return imagejStack(series);
    if (const auto lsm = parseLsm(tags.lsmInfo, series.file.bytes())) return lsmStack(series, *lsm);
    if (tags.stk && series.pages.size() == 1) {
        if (auto stack = stkStack(series)) return stack;
    }
    return plainStack(series);
}

}  // namespace

PageRoles rolesOf(const std::vector<PageLayout>& pages) {
    PageRoles roles;
    std::int32_t owner = -1;  // the full page whose levels may follow
    const auto lastLevel = [&]() -> const PageLayout& {
        const auto found = roles.reduced.find(owner);
        return found != roles.reduced.end() && !found->second.empty()
                   ? found->second.back()
                   : pages[static_cast<std::size_t>(owner)];
    };
    for (std::size_t i = 0; i < pages.size(); ++i) {
        const auto& page = pages[i];
        if (page.mask) continue;
        const bool isLevel = owner >= 0 && isLevelOf(page, lastLevel()) &&
                             (page.reduced || (page.tiled && isWholeFraction(page, lastLevel())));
        if (isLevel) {
            roles.reduced[owner].push_back(page);
        } else if (!page.reduced) {
            roles.full.push_back(static_cast<std::int32_t>(i));
            // A preview in strips between a slide and its levels does not part them.
            const bool preview =
                owner >= 0 && pages[static_cast<std::size_t>(owner)].tiled && !page.tiled;
            if (!preview) owner = static_cast<std::int32_t>(i);
        }
    }
    for (std::size_t i = 0; roles.full.empty() && i < pages.size(); ++i)
        roles.full.push_back(static_cast<std::int32_t>(i));
    return roles;
}

StackPtr finishSeries(SeriesDraft draft, const std::shared_ptr<const TiffFileSet>& files,
                      const std::string& path, const PageLayout& page, const PageRoles& roles) {
    if (const auto reason = unsupportedReason(page); !reason.empty()) {
        throw Error(
            ErrorKind::Input, reason, path,
            "Save it as an uncompressed 8-, 16- or 32-bit TIFF from the program that made it.");
    }
    auto& info = draft.info;
    auto& table = draft.table;
    info.path = path;
    info.reader = "tiff";
    if (info.name.empty()) info.name = std::filesystem::path(path).filename().string();
    info.shape = table.shape;
    info.type = pixelTypeOf(page).value();
    table.signedByOffset = table.signedByOffset && info.type == image::PixelType::UInt16;
    if (table.signedByOffset) info.type = image::PixelType::Int16;
    info.compression = codecName(page.compression);
    info.tiled = page.tiled;
    info.channels.resize(static_cast<std::size_t>(info.shape.c));
    nameColourSamples(info, page);
    table.levels = {page};
    const auto smaller = levelsOf(table, *files, page, roles);
    table.levels.insert(table.levels.end(), smaller.begin(), smaller.end());
    for (const auto& level : table.levels)
        info.levels.push_back({level.height, level.width});
    if (page.subIfds.empty()) {
        for (const auto& [index, layouts] : roles.reduced) {
            for (const auto& layout : layouts)
                table.reducedPages[index].push_back(layout.offset);
        }
    }
    return std::make_shared<const image::Stack>(
        std::move(info), std::make_unique<TiffSource>(files, std::move(table)));
}

std::vector<StackPtr> stacksOfTiff(const std::string& path) {
    const auto file = std::make_shared<const TiffFile>(path);
    if (looksLikeOme(file->firstTags().description)) {
        if (const auto document = parseOmeXml(file->firstTags().description)) {
            auto stacks = stacksOfOme(*document, path, file);
            if (!stacks.empty()) return stacks;
        }
    }
    auto files = std::make_shared<TiffFileSet>();
    files->add(file);
    const auto roles = rolesOf(file->pages());
    auto groups = groupsOf(*file, roles);
    std::vector<StackPtr> stacks;
    for (auto& group : groups) {
        PageSeries series{files, *file, roles, std::move(group), static_cast<int>(stacks.size()),
                          {}};
        if (groups.size() > 1) {
            series.name = std::filesystem::path(path).filename().string() + " #" +
                          std::to_string(stacks.size() + 1);
        }
        try {
            stacks.push_back(stackOfGroup(series, stacks.empty()));
        } catch (const Error& error) {
            // A preview in a strange codec must not hide the image.
            if (stacks.empty()) throw;
            log::warning(error.what());
        }
    }
    return stacks;
}

}  // namespace posteria::io
