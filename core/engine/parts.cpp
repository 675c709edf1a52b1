#include "core/engine/parts.h"

#include <algorithm>

namespace posteria::engine {

using image::Rect;

namespace {

constexpr std::int64_t kGranule = 64;  // pixels
constexpr std::int64_t kLargestSide = 8192;
constexpr std::int64_t kSmallestTile = 128;

std::int64_t roundedUp(std::int64_t value, std::int64_t step) {
    return (value + step - 1) / step * step;
}

// Sides of regions are multiples of this, and of what tiles are aligned to: both powers of two.
std::int64_t granuleOf(const Plan& plan) {
    return std::max<std::int64_t>(kGranule, plan.tiles.align);
}

// Pixels around a part that are read for it: those of tiles that touch it and, around a mean, of
// tiles of the mean that touch these.
std::int64_t marginOf(const Plan& plan, bool aroundMean) {
    return roundedUp((aroundMean ? 2 : 1) * plan.tiles.tile + nn::Model::kFlowReach,
                     granuleOf(plan));
}

// Bytes that parts take: of the window, one plane at a time; of the part, one plane at a time and
// for each of its planes with all channels.
struct Cost {
    double window = 0, part = 0, planes = 0;  // a pixel

    Cost(const Plan& plan, bool keepSamples) {
        const auto all = static_cast<double>(plan.resultShape.c);
        const auto outputs = all / static_cast<double>(plan.c.size());
        const double traced = plan.tracer ? 2.0 * plan.sampler.steps : 0;
        const double fields = std::max(1, plan.drawer->noiseFields());
        // Input, guide, weights, noise while it is made, what is drawn.
        window = 24 + 4 * static_cast<double>(plan.joint.size()) +
                 outputs * (8 + 12 * fields + 4 * traced);
        // On the way back to grey values.
        part = 48 * outputs;
        // Moments, the sample, mean, deviation, residual.
        planes = all * (28 + 4 * traced + (keepSamples ? 4.0 * plan.sampler.samples : 0));
    }
    double of(double windowPixels, double partPixels, double count) const {
        return windowPixels * window + partPixels * (part + planes * count);
    }
};

// The largest side of a region that fits; at least one granule.
std::int64_t largestSide(const Plan& plan, const Cost& cost, std::int64_t margin, double bytes) {
    const auto step = granuleOf(plan);
    for (auto side = kLargestSide; side > step; side -= step) {
        const auto along = [&](std::int64_t length) {
            return static_cast<double>(std::min(length, side + 2 * margin));
        };
        const auto square = static_cast<double>(side * side);
        if (cost.of(along(plan.roi.width) * along(plan.roi.height), square, 1) <= bytes)
            return side;
    }
    return step;
}

// Where parts of about that length begin, equally long; the last entry is the end.
std::vector<std::int64_t> cuts(std::int64_t length, std::int64_t side, std::int64_t granule) {
    const auto count = side > 0 ? (length + side - 1) / side : 1;
    const auto step = count > 1 ? roundedUp((length + count - 1) / count, granule) : length;
    std::vector<std::int64_t> result;
    for (std::int64_t at = 0; at < length; at += step)
        result.push_back(at);
    result.push_back(length);
    return result;
}

}  // namespace

PartSize choosePartSize(Plan& plan, bool aroundMean, bool keepSamples, bool tilesChosen,
                        std::uint64_t bytes) {
    const Cost cost(plan, keepSamples);
    const auto budget = static_cast<double>(bytes);
    const auto pixels = static_cast<double>(plan.roi.width) * static_cast<double>(plan.roi.height);
    const auto all = static_cast<std::int64_t>(plan.t.size() * plan.z.size());
    const double left = budget - cost.of(pixels, pixels, 0);
    const double planes = left / (cost.planes * pixels);
    if (planes >= 1) return {std::min(all, static_cast<std::int64_t>(std::min(planes, 1e9))), 0};
    auto& tiles = plan.tiles;
    for (;;) {
        const auto side = largestSide(plan, cost, marginOf(plan, aroundMean), budget);
        const auto half = roundedUp(tiles.tile / 2, tiles.align);
        if (tilesChosen || side >= 2 * tiles.tile || half < kSmallestTile) return {1, side};
        tiles.tile = static_cast<int>(half);
        tiles.overlap = std::min(tiles.overlap, tiles.tile / 2 / tiles.align * tiles.align);
    }
}

std::vector<ResultPart> partsOf(const Plan& plan, const PartSize& size) {
    const auto frames = static_cast<std::int64_t>(plan.t.size()),
               slices = static_cast<std::int64_t>(plan.z.size());
    const auto planes = std::max<std::int64_t>(1, size.planes);
    const auto t = planes < slices ? 1 : planes / slices, z = std::min(planes, slices);
    const auto rows = cuts(plan.roi.height, size.side, granuleOf(plan)),
               columns = cuts(plan.roi.width, size.side, granuleOf(plan));
    std::vector<ResultPart> parts;
    ResultPart part;
    part.whole = plan.resultShape;
    part.size = size;
    part.tile = plan.tiles.tile;
    part.overlap = plan.tiles.overlap;
    for (part.firstT = 0; part.firstT < frames; part.firstT += t) {
        part.frames = std::min(t, frames - part.firstT);
        for (part.firstZ = 0; part.firstZ < slices; part.firstZ += z) {
            part.slices = std::min(z, slices - part.firstZ);
            for (std::size_t y = 0; y + 1 < rows.size(); ++y) {
                for (std::size_t x = 0; x + 1 < columns.size(); ++x) {
                    part.region = {columns[x], rows[y], columns[x + 1] - columns[x],
                                   rows[y + 1] - rows[y]};
                    part.number = static_cast<int>(parts.size());
                    parts.push_back(part);
                }
            }
        }
    }
    for (auto& each : parts)
        each.count = static_cast<int>(parts.size());
    return parts;
}

Plan planOfPart(const Plan& whole, const ResultPart& part, bool aroundMean) {
    Plan plan = whole;
    const auto some = [](const std::vector<std::int64_t>& all, std::int64_t first,
                         std::int64_t count) {
        return std::vector<std::int64_t>(all.begin() + first, all.begin() + first + count);
    };
    plan.t = some(whole.t, part.firstT, part.frames);
    plan.z = some(whole.z, part.firstZ, part.slices);
    plan.planes = Plan::planesOf(plan.t, plan.z, plan.c);
    const auto& r = part.region;
    plan.resultShape = {part.frames, whole.resultShape.c, part.slices, r.height, r.width};
    const Rect all{0, 0, whole.roi.width, whole.roi.height};
    if (r == all) return plan;
    const auto grown = [&](std::int64_t by) {
        return Rect{r.x - by, r.y - by, r.width + 2 * by, r.height + 2 * by}.intersected(all);
    };
    const auto inPlane = [&](Rect rect) {
        rect.x += whole.roi.x;
        rect.y += whole.roi.y;
        return rect;
    };
    // Regions and margins are multiples of what tiles are aligned to.
    const auto window = grown(marginOf(whole, aroundMean));
    plan.part = inPlane(r);
    plan.window = inPlane(window);
    plan.tiles.frame = {all.height, all.width, window, grown(nn::Model::kFlowReach)};
    return plan;
}

}  // namespace posteria::engine
