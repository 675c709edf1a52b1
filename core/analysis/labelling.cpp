#include "core/analysis/labelling.h"

#include <algorithm>
#include <tuple>

namespace posteria::analysis {

std::vector<std::int64_t> Labelling::areas() const {
    std::vector<std::int64_t> result(static_cast<std::size_t>(count));
    for (const auto& run : runs)
        result[static_cast<std::size_t>(run.label - 1)] += run.length();
    return result;
}

image::Plane Labelling::toPlane() const {
    void* memory = nullptr;
    auto plane = image::Plane::allocate(image::PixelType::UInt32, width, height, &memory);
    auto* out = static_cast<std::uint32_t*>(memory);
    for (const auto& run : runs) {
        std::fill_n(out + run.y * width + run.begin, run.length(),
                    static_cast<std::uint32_t>(run.label));
    }
    return plane;
}

Labelling runsOf(const std::int32_t* labels, std::int64_t width, std::int64_t height,
                 std::int32_t count) {
    Labelling result{width, height, count, {}};
    for (std::int64_t y = 0; y < height; ++y) {
        const std::int32_t* row = labels + y * width;
        for (std::int64_t x = 0; x < width;) {
            const auto begin = x;
            while (x < width && row[x] == row[begin])
                ++x;
            if (row[begin] != 0) {
                result.runs.push_back({static_cast<std::int32_t>(y),
                                       static_cast<std::int32_t>(begin),
                                       static_cast<std::int32_t>(x), row[begin]});
            }
        }
    }
    return result;
}

Labelling makeLabelling(const std::int32_t* labels, std::int64_t width, std::int64_t height,
                        std::int32_t most, double minArea, double maxArea) {
    Labelling result = runsOf(labels, width, height, most);
    const auto areas = result.areas();
    std::vector<std::int32_t> number(areas.size());  // 0: not met yet
    result.count = 0;
    std::size_t kept = 0;
    for (const auto& run : result.runs) {
        const auto old = static_cast<std::size_t>(run.label - 1);
        const auto area = static_cast<double>(areas[old]);
        if (area < minArea || (maxArea > 0 && area > maxArea)) continue;
        if (number[old] == 0) number[old] = ++result.count;
        result.runs[kept] = run;
        result.runs[kept++].label = number[old];
    }
    result.runs.resize(kept);
    return result;
}

std::vector<LabelOverlap> overlaps(const Labelling& first, const Labelling& second) {
    std::vector<LabelOverlap> pieces;
    auto b = second.runs.begin();
    for (const auto& a : first.runs) {
        // Runs of the second that end before this one begins meet none of those that follow.
        while (b != second.runs.end() && std::tie(b->y, b->end) <= std::tie(a.y, a.begin))
            ++b;
        for (auto c = b; c != second.runs.end() && c->y == a.y && c->begin < a.end; ++c) {
            pieces.push_back(
                {a.label, c->label, std::min(a.end, c->end) - std::max(a.begin, c->begin)});
        }
    }
    std::sort(pieces.begin(), pieces.end(),
              [](const auto& p, const auto& q) { return std::tie(p.a, p.b) < std::tie(q.a, q.b); });
    std::vector<LabelOverlap> result;
    for (const auto& piece : pieces) {
        if (!result.empty() && result.back().a == piece.a && result.back().b == piece.b)
            result.back().pixels += piece.pixels;
        else
            result.push_back(piece);
    }
    return result;
}

std::vector<ObjectFigures> measureObjects(const Labelling& labels, const image::Plane& plane) {
    std::vector<ObjectFigures> result(static_cast<std::size_t>(labels.count));
    for (const auto& run : labels.runs) {
        auto& object = result[static_cast<std::size_t>(run.label - 1)];
        const auto length = static_cast<double>(run.length());
        const float* row = plane.as<float>() + run.y * labels.width;
        for (auto x = run.begin; x < run.end; ++x)
            object.intensity += static_cast<double>(row[x]);
        object.area += length;
        object.x += length * 0.5 * (run.begin + run.end - 1);
        object.y += length * run.y;
    }
    for (auto& object : result) {
        object.intensity /= object.area;
        object.x /= object.area;
        object.y /= object.area;
    }
    return result;
}

}  // namespace posteria::analysis
