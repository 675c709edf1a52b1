#include "core/posterior/iso_lines.h"

#include <cmath>

namespace posteria::posterior {

std::vector<Segment> isoLines(const image::Plane& plane, double level) {
    std::vector<Segment> segments;
    const image::Plane values = plane.toFloat();
    const auto width = values.width(), height = values.height();
    const float* p = values.as<float>();
    for (std::int64_t y = 0; y + 1 < height; ++y) {
        for (std::int64_t x = 0; x + 1 < width; ++x) {
            // Clockwise from the upper left, less the level.
            const double corner[4] = {p[y * width + x] - level, p[y * width + x + 1] - level,
                                      p[(y + 1) * width + x + 1] - level,
                                      p[(y + 1) * width + x] - level};
            int above = 0;
            bool known = true;
            for (int i = 0; i < 4; ++i) {
                known = known && !std::isnan(corner[i]);
                above |= corner[i] > 0 ? 1 << i : 0;
            }
            if (!known || above == 0 || above == 15) continue;
            // On edge i, from corner i to the next.
            const auto crossing = [&](int edge) {
                const double from = corner[edge], to = corner[(edge + 1) % 4];
                const double share = from / (from - to);
                const double left = static_cast<double>(x), top = static_cast<double>(y);
                switch (edge) {
                    case 0:
                        return Point{left + share, top};
                    case 1:
                        return Point{left + 1, top + share};
                    case 2:
                        return Point{left + 1 - share, top + 1};
                    default:
                        return Point{left, top + 1 - share};
                }
            };
            int edges[4], count = 0;
            for (int i = 0; i < 4; ++i) {
                const bool changes = ((above >> i) & 1) != ((above >> ((i + 1) % 4)) & 1);
                if (changes) edges[count++] = i;
            }
            if (count == 2) {
                segments.push_back({crossing(edges[0]), crossing(edges[1])});
                continue;
            }
            // Two opposite corners are above: they hang together where the middle is.
            const bool middleAbove = corner[0] + corner[1] + corner[2] + corner[3] > 0;
            const bool firstAbove = above & 1;
            // Lines cut off corners 1 and 3, or 0 and 2.
            const bool around1 = middleAbove == firstAbove;
            segments.push_back({crossing(around1 ? 0 : 3), crossing(around1 ? 1 : 0)});
            segments.push_back({crossing(around1 ? 2 : 1), crossing(around1 ? 3 : 2)});
        }
    }
    return segments;
}

}  // namespace posteria::posterior
