#include "core/image/concatenated_stack.h"

#include <algorithm>
#include <list>
#include <mutex>
#include <utility>

#include "core/base/error.h"

namespace posteria::image {

namespace {

constexpr std::size_t kPartsOpen = 128;  // each may hold a file open; many systems allow 1024

std::string nameOf(const StackInfo& info) {
    const auto file = info.path.substr(info.path.find_last_of("/\\") + 1);
    return file.empty() ? info.name : file;
}

std::string counted(std::int64_t n, const char* one) {
    return std::to_string(n) + " " + one + (n == 1 ? "" : "s");
}

std::string sizeOf(const Shape& s) {
    return std::to_string(s.x) + " × " + std::to_string(s.y) + " pixels";
}

// Where a part differs, and in what; empty where it does not. Parts may differ in length along the
// axis they are joined by.
std::string difference(const Shape& first, PixelType firstType, const Shape& s, PixelType type) {
    const auto says = [](const std::string& is, const std::string& was) {
        return "has " + is + ", the files before it " + was;
    };
    if (s.x != first.x || s.y != first.y) return says(sizeOf(s), sizeOf(first));
    if (type != firstType) {
        return says(std::string(pixelTypeName(type)) + " pixels",
                    std::string(pixelTypeName(firstType)) + " pixels");
    }
    if (s.c != first.c) return says(counted(s.c, "channel"), counted(first.c, "channel"));
    if (s.z != first.z) return says(counted(s.z, "slice"), counted(first.z, "slice"));
    if (first.z == 1 && s.t != first.t)
        return says(counted(s.t, "time point"), counted(first.t, "time point"));
    return {};
}

class ConcatenatedSource : public PlaneSource {
  public:
    ConcatenatedSource(std::vector<std::int64_t> ends, StackInfo part, bool alongZ,
                       Concatenation::Open open)
        : m_ends(std::move(ends)),
          m_part(std::move(part)),
          m_alongZ(alongZ),
          m_open(std::move(open)) {}

    Plane read(const PlaneIndex& index, int level, const Rect& rect) const override {
        const auto along = m_alongZ ? index.z : index.t;
        const auto end = std::upper_bound(m_ends.begin(), m_ends.end(), along);
        const auto number = static_cast<std::size_t>(end - m_ends.begin());
        const auto inPart = along - (number == 0 ? 0 : m_ends[number - 1]);
        const auto stack = part(number, m_ends[number] - (along - inPart));
        return stack->read({m_alongZ ? index.t : inPart, index.c, m_alongZ ? inPart : index.z},
                           level, rect);
    }

  private:
    StackPtr part(std::size_t number, std::int64_t extent) const {
        // Opening under the lock: two threads never open the same file twice.
        const std::lock_guard lock(m_mutex);
        const auto found = std::find_if(m_parts.begin(), m_parts.end(),
                                        [number](const auto& p) { return p.first == number; });
        if (found != m_parts.end()) {
            m_parts.splice(m_parts.begin(), m_parts, found);
            return found->second;
        }
        auto stack = m_open(number);
        auto expected = m_part.shape;
        (m_alongZ ? expected.z : expected.t) = extent;
        if (stack->shape() != expected || stack->info().type != m_part.type ||
            stack->info().levels.size() < m_part.levels.size()) {
            throw Error(ErrorKind::Input, "The file has changed since it was opened.",
                        stack->info().path, "Open the files again.");
        }
        m_parts.emplace_front(number, stack);
        if (m_parts.size() > kPartsOpen) m_parts.pop_back();
        return stack;
    }

    std::vector<std::int64_t> m_ends;  // of each part along the axis
    StackInfo m_part;
    bool m_alongZ;
    Concatenation::Open m_open;
    mutable std::mutex m_mutex;
    mutable std::list<std::pair<std::size_t, StackPtr>> m_parts;  // newest first
};

}  // namespace

void Concatenation::add(const StackInfo& part) {
    const bool first = m_extents.empty();
    if (first) {
        m_info = part;
        m_part = part.shape;
    }
    const auto differs = difference(m_part, m_info.type, part.shape, part.type);
    if (!differs.empty()) {
        throw Error(ErrorKind::Input, nameOf(part) + " " + differs + ".", part.path,
                    "Files of one stack have the same size, pixel type and channels; leave this "
                    "one out.");
    }
    const bool alongZ = m_part.z == 1;
    m_extents.push_back(alongZ ? 1 : part.shape.t);
    if (first) return;
    (alongZ ? m_info.shape.z : m_info.shape.t) += m_extents.back();
    // Pyramids go as far as all have the same levels.
    auto& levels = m_info.levels;
    const auto same = [](const LevelSize& a, const LevelSize& b) {
        return a.width == b.width && a.height == b.height;
    };
    levels.erase(
        std::mismatch(levels.begin(), levels.end(), part.levels.begin(), part.levels.end(), same)
            .first,
        levels.end());
    m_info.tiled = m_info.tiled && part.tiled;
    for (const auto& warning : part.warnings)
        if (std::find(m_info.warnings.begin(), m_info.warnings.end(), warning) ==
            m_info.warnings.end())
            m_info.warnings.push_back(warning);
}

StackPtr Concatenation::finish(std::string name, Open open) const {
    if (m_extents.empty())
        throw Error(ErrorKind::Usage, "There is no part to make a stack of.", name);
    auto part = m_info;
    part.shape = m_part;
    std::vector<std::int64_t> ends;
    for (const auto extent : m_extents)
        ends.push_back((ends.empty() ? 0 : ends.back()) + extent);
    auto info = m_info;
    info.path.clear();
    info.reader = "files";
    info.name = std::move(name);
    info.series = 0;
    info.annotations.clear();  // one file's provenance is not that of all
    const auto& shape = info.shape;
    info.axes = shape.t > 1 ? "T" : "";
    if (shape.c > 1) info.axes += "C";
    if (shape.z > 1) info.axes += "Z";
    info.axes += "YX";
    return std::make_shared<const Stack>(
        std::move(info), std::make_unique<ConcatenatedSource>(std::move(ends), std::move(part),
                                                              m_part.z == 1, std::move(open)));
}

}  // namespace posteria::image
