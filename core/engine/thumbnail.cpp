#include "core/engine/thumbnail.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/io/png_writer.h"

namespace posteria::engine {

namespace {

constexpr std::int64_t kBandPixels = 4 << 20;
constexpr double kSaturated = 0.0035;
constexpr std::int64_t kMostChannels = 4;
// Nine points of the published CC0 table.
constexpr std::array<std::uint32_t, 9> kMagma{0x000004, 0x1d1147, 0x51127c, 0x832681, 0xb73779,
                                              0xe75263, 0xfc8961, 0xfec488, 0xfcfdbf};
// Where a file names no colours: napari's for two channels, and more.
constexpr std::array<std::uint32_t, 4> kColors{0x00ff00, 0xff00ff, 0x00ffff, 0xffff00};

struct Means {
    int width = 0, height = 0;
    std::vector<double> values;
};

int levelFor(const image::Stack& stack, const image::Rect& region, int side) {
    const auto& levels = stack.info().levels;
    const double full = static_cast<double>(std::max(region.width, region.height));
    for (int level = static_cast<int>(levels.size()) - 1; level > 0; --level) {
        const double share = static_cast<double>(levels[static_cast<std::size_t>(level)].width) /
                             static_cast<double>(stack.shape().x);
        if (full * share >= side) return level;
    }
    return 0;
}

// Block means of finite pixels; NaN where a block has none.
Means blockMeans(const image::Stack& stack, const image::PlaneIndex& plane,
                 const image::Rect& wanted, int side) {
    auto region = wanted.empty() ? stack.bounds() : wanted.intersected(stack.bounds());
    const int level = levelFor(stack, region, side);
    if (level > 0) {
        const auto& size = stack.info().levels[static_cast<std::size_t>(level)];
        const auto scaled = [](std::int64_t value, std::int64_t to, std::int64_t from) {
            return value * to / from;
        };
        const auto& s = stack.shape();
        region = image::Rect{scaled(region.x, size.width, s.x), scaled(region.y, size.height, s.y),
                             std::max<std::int64_t>(1, scaled(region.width, size.width, s.x)),
                             std::max<std::int64_t>(1, scaled(region.height, size.height, s.y))}
                     .intersected(stack.bounds(level));
    }
    const double largest = static_cast<double>(std::max(region.width, region.height));
    const double share = std::min(1.0, side / largest);
    Means means;
    means.width = std::max(1, int(std::lround(static_cast<double>(region.width) * share)));
    means.height = std::max(1, int(std::lround(static_cast<double>(region.height) * share)));
    std::vector<double> sums(std::size_t(means.width) * std::size_t(means.height)),
        counts(sums.size());
    const auto rows = std::max<std::int64_t>(1, kBandPixels / region.width);
    for (std::int64_t y = 0; y < region.height; y += rows) {
        const image::Rect band{region.x, region.y + y, region.width,
                               std::min(rows, region.height - y)};
        const auto pixels = stack.read(plane, level, band).toFloat();
        const auto* value = pixels.as<float>();
        for (std::int64_t row = 0; row < band.height; ++row) {
            const auto line =
                std::size_t((y + row) * means.height / region.height) * std::size_t(means.width);
            for (std::int64_t x = 0; x < band.width; ++x, ++value) {
                if (!std::isfinite(*value)) continue;
                const auto at = line + std::size_t(x * means.width / region.width);
                sums[at] += double(*value);
                ++counts[at];
            }
        }
    }
    for (std::size_t i = 0; i < sums.size(); ++i)
        sums[i] = counts[i] > 0 ? sums[i] / counts[i] : std::nan("");
    means.values = std::move(sums);
    return means;
}

// To 0 … 1 between the limits; what is not known is 0.
void stretch(std::vector<double>& values) {
    std::vector<double> sorted;
    for (const double value : values)
        if (!std::isnan(value)) sorted.push_back(value);
    if (sorted.empty()) return;
    const auto at = [&](double share) {
        const auto nth =
            sorted.begin() +
            std::ptrdiff_t(std::lround(share * static_cast<double>(sorted.size() - 1)));
        std::nth_element(sorted.begin(), nth, sorted.end());
        return *nth;
    };
    const double low = at(kSaturated / 2), high = at(1 - kSaturated / 2);
    for (double& value : values)
        value = std::isnan(value) || !(high > low)
                    ? 0.0
                    : std::clamp((value - low) / (high - low), 0.0, 1.0);
}

double component(std::uint32_t rgb, int index) {
    return (rgb >> (16 - 8 * index)) & 0xff;
}

double magma(double value, int index) {
    const double position = value * (kMagma.size() - 1);
    const auto i = std::min(std::size_t(position), kMagma.size() - 2);
    const double part = position - double(i);
    return (1 - part) * component(kMagma[i], index) + part * component(kMagma[i + 1], index);
}

}  // namespace

std::vector<std::uint8_t> thumbnailPng(const image::Stack& stack, const image::PlaneIndex& plane,
                                       const image::Rect& region, ThumbnailColors colors,
                                       int side) {
    const bool all = colors == ThumbnailColors::Channels && stack.shape().c > 1;
    const auto channels = all ? std::min(stack.shape().c, kMostChannels) : 1;
    std::vector<double> sum;
    int width = 0, height = 0;
    for (std::int64_t c = 0; c < channels; ++c) {
        auto means = blockMeans(stack, {plane.t, all ? c : plane.c, plane.z}, region, side);
        stretch(means.values);
        width = means.width;
        height = means.height;
        sum.resize(means.values.size() * 3);
        const auto color = stack.info().channels[std::size_t(c)].color.value_or(
            kColors[std::size_t(c) % kColors.size()]);
        for (std::size_t i = 0; i < sum.size(); ++i) {
            const double value = means.values[i / 3];
            const int rgb = int(i % 3);
            sum[i] += colors == ThumbnailColors::Magma ? magma(value, rgb)
                      : all                            ? value * component(color, rgb)
                                                       : value * 255;
        }
    }
    std::vector<std::uint8_t> pixels(sum.size());
    std::transform(sum.begin(), sum.end(), pixels.begin(), [](double value) {
        return static_cast<std::uint8_t>(std::lround(std::min(value, 255.0)));
    });
    return io::encodePng(width, height, pixels);
}

}  // namespace posteria::engine
