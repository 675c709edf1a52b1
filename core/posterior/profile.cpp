#include "core/posterior/profile.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace posteria::posterior {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kPointsARead = 64;  // along a slanting line a rectangle grows as its square

struct Neighbours {
    std::int64_t x0, x1, y0, y1;
    double sx, sy;  // share of the second
};

bool isInside(const Point& p, const image::Shape& shape) {
    return p.x >= -0.5 && p.y >= -0.5 && p.x <= double(shape.x) - 0.5 &&
           p.y <= double(shape.y) - 0.5;
}

Neighbours neighbours(const Point& p, const image::Shape& shape) {
    const double x = std::clamp(p.x, 0.0, double(shape.x - 1));
    const double y = std::clamp(p.y, 0.0, double(shape.y - 1));
    const auto x0 = std::int64_t(x), y0 = std::int64_t(y);
    return {x0,
            std::min(x0 + 1, shape.x - 1),
            y0,
            std::min(y0 + 1, shape.y - 1),
            x - double(x0),
            y - double(y0)};
}

double ofSorted(const std::vector<double>& values, double q) {
    const double at = q * double(values.size() - 1);
    const auto low = std::size_t(at);
    const auto high = std::min(low + 1, values.size() - 1);
    return values[low] + (at - double(low)) * (values[high] - values[low]);
}

}  // namespace

std::vector<Point> pointsBetween(const Point& a, const Point& b) {
    const double length = std::hypot(b.x - a.x, b.y - a.y);
    const auto steps = std::int64_t(std::ceil(length - 1e-9));
    std::vector<Point> points;
    for (std::int64_t i = 0; i <= steps; ++i) {
        const double share = steps > 0 ? double(i) / double(steps) : 0;
        points.push_back({a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)});
    }
    return points;
}

std::vector<double> valuesAt(const image::Stack& stack, const image::PlaneIndex& plane,
                             const std::vector<Point>& points) {
    const auto& shape = stack.shape();
    std::vector<double> values(points.size(), kNone);
    for (std::size_t first = 0; first < points.size(); first += kPointsARead) {
        const auto last = std::min(first + kPointsARead, points.size());
        std::int64_t left = shape.x, right = -1, top = shape.y, bottom = -1;
        for (std::size_t i = first; i < last; ++i) {
            if (!isInside(points[i], shape)) continue;
            const auto n = neighbours(points[i], shape);
            left = std::min(left, n.x0);
            right = std::max(right, n.x1);
            top = std::min(top, n.y0);
            bottom = std::max(bottom, n.y1);
        }
        if (right < left) continue;
        const auto part = stack.read(plane, 0, {left, top, right - left + 1, bottom - top + 1});
        for (std::size_t i = first; i < last; ++i) {
            if (!isInside(points[i], shape)) continue;
            const auto n = neighbours(points[i], shape);
            const auto along = [&](std::int64_t y) {
                return (1 - n.sx) * part.value(n.x0 - left, y - top) +
                       n.sx * part.value(n.x1 - left, y - top);
            };
            values[i] = (1 - n.sy) * along(n.y0) + n.sy * along(n.y1);
        }
    }
    return values;
}

double quantile(std::vector<double> values, double q) {
    if (values.empty()) return kNone;
    std::sort(values.begin(), values.end());
    return ofSorted(values, q);
}

Bands bandsOf(const std::vector<std::vector<double>>& samples) {
    Bands bands;
    const std::size_t points = samples.empty() ? 0 : samples.front().size();
    std::vector<double> values(samples.size());
    for (std::size_t i = 0; i < points; ++i) {
        bool whole = true;
        for (std::size_t k = 0; k < samples.size(); ++k) {
            values[k] = samples[k][i];
            whole = whole && !std::isnan(values[k]);
        }
        if (whole) std::sort(values.begin(), values.end());
        const auto at = [&](double q) { return whole ? ofSorted(values, q) : kNone; };
        bands.q05.push_back(at(0.05));
        bands.q25.push_back(at(0.25));
        bands.median.push_back(at(0.5));
        bands.q75.push_back(at(0.75));
        bands.q95.push_back(at(0.95));
    }
    return bands;
}

}  // namespace posteria::posterior
