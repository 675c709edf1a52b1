#include "core/simulation/swc.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"

namespace posteria::simulation {

namespace {

constexpr std::uint64_t kMostBytes = 1ull << 30;
// Beyond these the file is in another unit, and drawing it would take for ever.
constexpr double kFarthestUm = 1e6, kThickestUm = 200;

struct Row {
    std::int64_t id, parent;
    std::size_t line;
};

class Parser {
  public:
    explicit Parser(const std::string& name) : m_name(name) {}

    Morphology parse(std::string_view text);

  private:
    [[noreturn]] void fail(std::size_t line, const std::string& message,
                           const std::string& hint) const {
        throw Error(ErrorKind::Input, message,
                    line > 0 ? m_name + ":" + std::to_string(line) : m_name, hint);
    }
    void readLine(std::string_view line, std::size_t number);
    void resolveParents();
    void refuseCycles() const;

    const std::string& m_name;
    Morphology m_tree;
    std::vector<Row> m_rows;  // beside the nodes
};

bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

template <typename T>
bool readNumber(std::string_view word, T& value) {
    if (word.size() > 1 && word[0] == '+' && word[1] != '-') word.remove_prefix(1);
    const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), value);
    return code == std::errc() && end == word.data() + word.size();
}

void Parser::readLine(std::string_view line, std::size_t number) {
    line = line.substr(0, line.find('#'));
    std::array<std::string_view, 7> words;
    std::size_t count = 0;
    for (std::size_t at = 0; at < line.size();) {
        if (isBlank(line[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < line.size() && !isBlank(line[end]))
            ++end;
        if (count < words.size()) words[count] = line.substr(at, end - at);
        ++count;
        at = end;
    }
    if (count == 0) return;
    constexpr const char* kFormat = "An SWC line holds id, type, x, y, z, radius and parent.";
    if (count != words.size()) fail(number, "This line does not hold seven values.", kFormat);
    MorphologyNode node;
    Row row{0, 0, number};
    if (!readNumber(words[0], row.id) || !readNumber(words[1], node.type) ||
        !readNumber(words[6], row.parent))
        fail(number, "The id, the type or the parent is not a whole number.", kFormat);
    if (row.id < 0) fail(number, "An id is negative.", "Number the nodes from 0 or 1 on.");
    if (!readNumber(words[2], node.x) || !readNumber(words[3], node.y) ||
        !readNumber(words[4], node.z) || !readNumber(words[5], node.radius) ||
        !std::isfinite(node.x) || !std::isfinite(node.y) || !std::isfinite(node.z) ||
        !std::isfinite(node.radius))
        fail(number, "The position or the radius is not a number.", kFormat);
    if (node.radius < 0) fail(number, "The radius is negative.", "Give 0 where it is not known.");
    if (std::max({std::abs(node.x), std::abs(node.y), std::abs(node.z)}) > kFarthestUm)
        fail(number, "The position lies more than a metre away.",
             "Convert the positions to micrometres.");
    if (node.radius > kThickestUm)
        fail(number, "The radius is larger than 200 micrometres.",
             "Convert the radii to micrometres.");
    if (m_tree.nodes.size() == kMostSwcNodes)
        fail(number, "The file holds more than 5 million nodes.", "Resample or split the neuron.");
    m_tree.nodes.push_back(node);
    m_rows.push_back(row);
}

void Parser::resolveParents() {
    // Sorted by id rather than hashed: ids that collide on purpose cannot slow it down.
    std::vector<std::int32_t> byId(m_rows.size());
    for (std::size_t i = 0; i < byId.size(); ++i)
        byId[i] = static_cast<std::int32_t>(i);
    const auto idOf = [&](std::int32_t i) { return m_rows[static_cast<std::size_t>(i)].id; };
    std::stable_sort(byId.begin(), byId.end(),
                     [&](std::int32_t a, std::int32_t b) { return idOf(a) < idOf(b); });
    const auto twice =
        std::adjacent_find(byId.begin(), byId.end(),
                           [&](std::int32_t a, std::int32_t b) { return idOf(a) == idOf(b); });
    if (twice != byId.end())
        fail(m_rows[static_cast<std::size_t>(twice[1])].line,
             "The id " + std::to_string(idOf(*twice)) + " is used a second time.",
             "Every node needs an id of its own.");
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (m_rows[i].parent == -1) continue;
        const auto found =
            std::lower_bound(byId.begin(), byId.end(), m_rows[i].parent,
                             [&](std::int32_t a, std::int64_t wanted) { return idOf(a) < wanted; });
        if (found == byId.end() || idOf(*found) != m_rows[i].parent)
            fail(m_rows[i].line,
                 "The parent " + std::to_string(m_rows[i].parent) + " is not in the file.",
                 "A root has the parent -1.");
        m_tree.nodes[i].parent = *found;
    }
}

// Walks up from every node until a root or a node that is known to lead to one.
void Parser::refuseCycles() const {
    std::vector<std::int32_t> walk(m_tree.nodes.size(), -1);  // which walk came by first
    for (std::size_t i = 0; i < walk.size(); ++i) {
        auto at = static_cast<std::int32_t>(i);
        while (at >= 0 && walk[static_cast<std::size_t>(at)] < 0) {
            walk[static_cast<std::size_t>(at)] = static_cast<std::int32_t>(i);
            at = m_tree.nodes[static_cast<std::size_t>(at)].parent;
        }
        if (at >= 0 && walk[static_cast<std::size_t>(at)] == static_cast<std::int32_t>(i))
            fail(m_rows[static_cast<std::size_t>(at)].line, "This node is its own ancestor.",
                 "Give one node of the cycle the parent -1.");
    }
}

Morphology Parser::parse(std::string_view text) {
    if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);  // a byte order mark
    std::size_t number = 1;
    for (std::size_t at = 0; at < text.size(); ++number) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        readLine(text.substr(at, end - at), number);
        at = end + 1;
    }
    if (m_tree.nodes.empty())
        fail(0, "The file holds no node of a neuron.", "Choose a file in the SWC format.");
    resolveParents();
    refuseCycles();
    return std::move(m_tree);
}

void append(std::string& text, double value) {
    char buffer[32];
    const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
    text.append(buffer, result.ptr).push_back(' ');
}

}  // namespace

Morphology parseSwc(const std::string& text, const std::string& name) {
    return Parser(name).parse(text);
}

Morphology readSwc(const std::string& path) {
    std::error_code code;
    const auto size = std::filesystem::file_size(path, code);
    if (!code && size > kMostBytes)
        throw Error(ErrorKind::Input, "The file is larger than an SWC file can be.", path,
                    "Choose a file in the SWC format.");
    return parseSwc(readTextFile(path, kMostBytes), path);
}

std::string formatSwc(const Morphology& morphology) {
    std::string text = "# id type x y z radius parent\n";
    for (std::size_t i = 0; i < morphology.nodes.size(); ++i) {
        const auto& node = morphology.nodes[i];
        text += std::to_string(i + 1) + " " + std::to_string(node.type) + " ";
        for (const double value : {node.x, node.y, node.z, node.radius})
            append(text, value);
        text += std::to_string(node.parent < 0 ? -1 : node.parent + 1) + "\n";
    }
    return text;
}

void writeSwc(const Morphology& morphology, const std::string& path) {
    writeTextFile(path, formatSwc(morphology));
}

}  // namespace posteria::simulation
