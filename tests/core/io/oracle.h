// The table of real files and what they hold, from POSTERIA_SHARED_DATA.
#pragma once

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace oracle {

using Row = std::map<std::string, std::string>;

inline std::string folder() {
    return POSTERIA_SHARED_DATA;
}

inline std::vector<std::string> splitCsv(const std::string& line) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"') {
            quoted = !quoted;
        } else if (line[i] == ',' && !quoted) {
            cells.emplace_back();
        } else if (line[i] != '\r') {
            cells.back() += line[i];
        }
    }
    return cells;
}

// Every row of ORACLE.csv; none when the shared data are absent.
inline std::vector<Row> rows() {
    std::ifstream stream(folder() + "/ORACLE.csv");
    std::vector<Row> table;
    std::vector<std::string> names;
    for (std::string line; std::getline(stream, line);) {
        const auto cells = splitCsv(line);
        if (names.empty()) {
            names = cells;
            continue;
        }
        Row row;
        for (std::size_t i = 0; i < std::min(names.size(), cells.size()); ++i)
            row[names[i]] = cells[i];
        table.push_back(row);
    }
    return table;
}

}  // namespace oracle
