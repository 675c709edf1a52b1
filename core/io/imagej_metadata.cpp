#include "core/io/imagej_metadata.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <sstream>

namespace posteria::io {

namespace {

std::optional<double> numberIn(const std::map<std::string, std::string>& values, const char* key) {
    const auto found = values.find(key);
    if (found == values.end()) return {};
    char* end = nullptr;
    const double value = std::strtod(found->second.c_str(), &end);
    if (end == found->second.c_str() || !std::isfinite(value)) return {};
    return value;
}

std::int64_t countIn(const std::map<std::string, std::string>& values, const char* key) {
    const double value = numberIn(values, key).value_or(1);
    return value >= 1 && value < 2e9 ? static_cast<std::int64_t>(value) : 1;
}

// One character of Java, which has 16 bits, as UTF-8.
void append(std::string& out, unsigned code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | code >> 6);
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
        out += static_cast<char>(0xE0 | code >> 12);
        out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    }
}

// Java writes what Latin-1 lacks as \uXXXX; the rest is Latin-1. Both become UTF-8.
std::string fromJava(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.compare(i, 2, "\\u") == 0 && i + 6 <= text.size()) {
            append(out,
                   static_cast<unsigned>(std::strtoul(text.substr(i + 2, 4).c_str(), nullptr, 16)));
            i += 5;
        } else {
            append(out, static_cast<unsigned char>(text[i]));
        }
    }
    return out;
}

// The private tag's entries, in the byte order of the file.
class BinaryEntries {
  public:
    BinaryEntries(const PageTags& tags, bool littleEndian)
        : m_data(tags.imagejData), m_little(littleEndian) {
        const auto& counts = tags.imagejCounts;
        if (counts.empty() || counts[0] < 12 || counts[0] > 804 || counts[0] > m_data.size())
            return;
        std::size_t entry = 1, offset = counts[0];
        for (std::size_t at = 4; at + 8 <= counts[0]; at += 8) {
            const auto type = integer(at);
            for (std::uint32_t i = integer(at + 4); i > 0 && entry < counts.size(); --i, ++entry) {
                if (counts[entry] > m_data.size() - offset) return;
                m_entries[type].push_back({offset, counts[entry]});
                offset += counts[entry];
            }
        }
    }
    std::vector<std::pair<std::size_t, std::size_t>> of(const char* code) const {
        const auto found = m_entries.find(
            static_cast<std::uint32_t>(code[0]) << 24 | static_cast<std::uint32_t>(code[1]) << 16 |
            static_cast<std::uint32_t>(code[2]) << 8 | static_cast<std::uint32_t>(code[3]));
        return found != m_entries.end() ? found->second
                                        : std::vector<std::pair<std::size_t, std::size_t>>();
    }
    std::uint64_t bytes(std::size_t at, int width) const {
        std::uint64_t value = 0;
        for (int i = 0; i < width; ++i)
            value = value << 8 | m_data[at + (m_little ? width - 1 - i : i)];
        return value;
    }
    double real(std::size_t at) const {
        const auto raw = bytes(at, 8);
        double value = 0;
        std::memcpy(&value, &raw, sizeof value);
        return value;
    }
    const std::vector<std::uint8_t>& data() const { return m_data; }

  private:
    std::uint32_t integer(std::size_t at) const { return static_cast<std::uint32_t>(bytes(at, 4)); }

    const std::vector<std::uint8_t>& m_data;
    bool m_little;
    std::map<std::uint32_t, std::vector<std::pair<std::size_t, std::size_t>>> m_entries;
};

void readBinary(const PageTags& tags, bool littleEndian, ImagejMetadata& meta) {
    const BinaryEntries entries(tags, littleEndian);
    for (const auto& [offset, bytes] : entries.of("rang")) {
        for (std::size_t i = 0; i + 16 <= bytes; i += 16) {
            meta.ranges.push_back({entries.real(offset + i), entries.real(offset + i + 8)});
        }
    }
    for (const auto& [offset, bytes] : entries.of("luts")) {
        if (bytes != 768) continue;
        // The colour of a channel is its table's last entry.
        const auto* table = entries.data().data() + offset;
        meta.colors.push_back(static_cast<std::uint32_t>(table[255]) << 16 |
                              static_cast<std::uint32_t>(table[511]) << 8 | table[767]);
    }
    for (const auto& [offset, bytes] : entries.of("labl")) {
        std::string label;
        for (std::size_t i = 0; i + 2 <= bytes; i += 2) {
            append(label, static_cast<unsigned>(entries.bytes(offset + i, 2)));
        }
        meta.labels.push_back(label);
    }
}

// "c:1/3 z:2/9 - DNA" and further lines: the name alone; empty when only the place is said.
std::string nameIn(const std::string& label) {
    auto name = label.substr(0, label.find('\n'));
    const bool placed =
        name.size() > 2 && name[1] == ':' && std::string("czt").find(name[0]) != std::string::npos;
    const auto dash = name.find(" - ");
    if (placed) name = dash != std::string::npos ? name.substr(dash + 3) : std::string();
    return name;
}

}  // namespace

std::vector<std::string> channelNames(const ImagejMetadata& meta) {
    const auto channels = static_cast<std::size_t>(meta.channels);
    if (meta.order[0] != 'c' || meta.labels.size() < channels || meta.channels < 2) return {};
    std::vector<std::string> names;
    for (std::size_t i = 0; i < meta.labels.size(); ++i) {
        const auto name = nameIn(meta.labels[i]);
        if (i < channels) {
            names.push_back(name);
        } else if (name != names[i % channels]) {
            names[i % channels].clear();
        }
    }
    return names;
}

std::optional<double> micrometresPer(const std::string& unit) {
    static const std::map<std::string, double> units{
        {"um", 1},           {"\xC2\xB5m", 1},  {"\xCE\xBCm", 1},    {"micron", 1},
        {"microns", 1},      {"micrometer", 1}, {"micrometre", 1},   {"nm", 1e-3},
        {"nanometer", 1e-3}, {"pm", 1e-6},      {"\xC3\x85", 1e-4},  {"A", 1e-4},
        {"angstrom", 1e-4},  {"mm", 1e3},       {"millimeter", 1e3}, {"cm", 1e4},
        {"centimeter", 1e4}, {"dm", 1e5},       {"m", 1e6},          {"meter", 1e6},
        {"inch", 25400},     {"in", 25400},     {"ft", 304800},      {"mil", 25.4}};
    const auto found = units.find(unit);
    if (found == units.end()) return {};
    return found->second;
}

bool isImagejDescription(const std::string& description) {
    return description.rfind("ImageJ=", 0) == 0 || description.rfind("SCIFIO=", 0) == 0;
}

ImagejMetadata parseImagej(const PageTags& tags, bool littleEndian) {
    ImagejMetadata meta;
    std::istringstream lines(tags.description);
    for (std::string line; std::getline(lines, line);) {
        const auto equals = line.find('=');
        if (equals == std::string::npos) continue;
        meta.values[line.substr(0, equals)] = fromJava(line.substr(equals + 1));
    }
    meta.images = countIn(meta.values, "images");
    meta.channels = countIn(meta.values, "channels");
    meta.slices = countIn(meta.values, "slices");
    meta.frames = countIn(meta.values, "frames");
    auto order = meta.values["order"];
    std::transform(order.begin(), order.end(), order.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    for (const char* known : {"czt", "ctz", "zct", "ztc", "tcz", "tzc"}) {
        if (order == known) meta.order = known;
    }

    // Lengths: pixels per unit in the resolution tags, the unit's name in the description. A file
    // can carry the resolution in centimetres and still say unit=um for the spacing.
    auto unit = micrometresPer(meta.values["unit"]);
    auto lateral = unit;
    if (tags.resolutionUnit == 3 && unit) lateral = 1e4;
    if (tags.resolutionUnit == 2 && unit) lateral = 25400;
    if (lateral && tags.xResolution > 0) meta.pixelWidthUm = *lateral / tags.xResolution;
    if (lateral && tags.yResolution > 0) meta.pixelHeightUm = *lateral / tags.yResolution;
    if (const auto zUnit = micrometresPer(meta.values["zunit"])) unit = zUnit;
    if (const auto spacing = numberIn(meta.values, "spacing"); spacing && *spacing != 0 && unit) {
        meta.spacingUm = std::abs(*spacing) * *unit;
    }
    const auto interval = numberIn(meta.values, "finterval");
    static const std::map<std::string, double> timeUnits{
        {"ms", 1e-3}, {"msec", 1e-3}, {"min", 60}, {"h", 3600}, {"hr", 3600}};
    const auto timeUnit = timeUnits.find(meta.values["tunit"]);
    if (interval && *interval > 0) {
        meta.frameIntervalS = *interval * (timeUnit != timeUnits.end() ? timeUnit->second : 1.0);
    }
    // The straight line (cf=0) that ImageJ gives pixels which were signed.
    meta.signedByOffset = numberIn(meta.values, "cf").value_or(-1) == 0 &&
                          numberIn(meta.values, "c0").value_or(0) == -32768 &&
                          numberIn(meta.values, "c1").value_or(0) == 1;
    readBinary(tags, littleEndian, meta);
    const auto low = numberIn(meta.values, "min"), high = numberIn(meta.values, "max");
    if (meta.ranges.empty() && low && high && *low < *high) meta.ranges.push_back({*low, *high});
    return meta;
}

}  // namespace posteria::io
