// Images with objects for the tests of segmentation and what follows from it.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "core/analysis/labelling.h"
#include "tests/core/analysis/planes.h"

namespace fixture {

// The image of make_objects_fixture.py.
inline posteria::image::Plane blobs(std::int64_t shift) {
    const std::vector<std::array<std::int64_t, 4>> list{
        {14, 12, 7, 200},  {50, 10, 5, 120}, {100, 16, 9, 260}, {30, 84, 4, 90},
        {112, 88, 6, 150}, {20, 48, 8, 220}, {33, 50, 8, 200},  {70, 55, 10, 240},
        {86, 60, 8, 210},  {80, 72, 9, 190}, {55, 82, 2, 200},  {104, 44, 2, 60}};
    return makePlane(96, 120, [&](std::int64_t x, std::int64_t y) {
        const auto noise = (x * 7919 + y * 104729 + shift * 611953 + x * y * 31) % 1009 % 9;
        const auto ground = 30 + x / 2 + y / 3 + noise;
        auto value = ground;
        for (const auto& [cx, cy, r, bright] : list) {
            const auto dx = x - cx - shift, dy = y - cy, d = dx * dx + dy * dy;
            value =
                std::max(value, ground + bright * std::max<std::int64_t>(0, r * r - d) / (r * r));
        }
        return value;
    });
}

// "..1", "2.1": labels as digits, 0 and '.' for none.
inline posteria::analysis::Labelling drawn(const std::vector<const char*>& rows) {
    std::vector<std::int32_t> labels;
    std::int32_t most = 0;
    for (const char* row : rows) {
        for (; *row; ++row) {
            labels.push_back(*row == '.' ? 0 : *row - '0');
            most = std::max(most, labels.back());
        }
    }
    const auto height = static_cast<std::int64_t>(rows.size());
    return posteria::analysis::runsOf(
        labels.data(), static_cast<std::int64_t>(labels.size()) / height, height, most);
}

}  // namespace fixture
