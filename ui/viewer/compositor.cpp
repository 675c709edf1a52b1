#include "ui/viewer/compositor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <type_traits>

#include "ui/model/suppressing_palette.h"

namespace posteria::ui::viewer {

namespace {

// Finer than the colormap, so that a strong gamma does not leave bands.
constexpr int kSteps = 1024;
constexpr int kNothing = kSteps;  // the step of NaN, behind the others

std::uint64_t lanesOf(QRgb color, bool blueFirst) {
    const auto red = static_cast<std::uint64_t>(qRed(color));
    const auto blue = static_cast<std::uint64_t>(qBlue(color));
    return (blueFirst ? blue : red) | static_cast<std::uint64_t>(qGreen(color)) << 16 |
           (blueFirst ? red : blue) << 32 | std::uint64_t{1} << 48;
}

std::vector<std::uint64_t> makeLanes(const ColorTable& table, double gamma, bool blueFirst) {
    std::vector<std::uint64_t> lanes(kSteps);
    for (int i = 0; i < kSteps; ++i) {
        const double t = std::pow(static_cast<double>(i) / (kSteps - 1), gamma);
        lanes[i] = lanesOf(table[static_cast<std::size_t>(std::lround(255 * t))], blueFirst);
    }
    return lanes;
}

// Of the steps of labelsRow, and that of the marked label at the end.
std::vector<std::uint64_t> labelLanes(const LabelColors& colors, bool blueFirst) {
    std::vector<std::uint64_t> lanes;
    if (colors.each) {
        for (const QRgb color : *colors.each)
            lanes.push_back(lanesOf(color, blueFirst));
    } else {
        for (int i = 0; i < kSteps; ++i)
            lanes.push_back(lanesOf(labelColor(static_cast<std::uint64_t>(i) + 1), blueFirst));
    }
    lanes.push_back(lanesOf(qRgb(255, 255, 255), blueFirst));
    return lanes;
}

// By level of doubt, then by step of value, kSteps a level.
std::vector<std::uint64_t> suppressedLanes(bool blueFirst) {
    using Palette = SuppressingPalette;
    std::vector<std::uint64_t> lanes;
    for (int level = 0; level < Palette::kLevels; ++level) {
        for (int step = 0; step < Palette::kSteps; ++step)
            lanes.push_back(lanesOf(Palette::field(level, step >> level), blueFirst));
    }
    return lanes;
}

int tapsOf(Interpolation interpolation) {
    return interpolation == Interpolation::Cubic    ? 4
           : interpolation == Interpolation::Linear ? 2
                                                    : 1;
}

// Of the neighbours of a place that is a part f of the way from one pixel to the next; the cubic
// ones are Catmull and Rom's.
std::array<float, 4> weightsAt(double f, int taps) {
    const auto t = static_cast<float>(f);
    if (taps == 2) return {1 - t, t, 0, 0};
    const float t2 = t * t, t3 = t2 * t;
    return {(-t3 + 2 * t2 - t) / 2, (3 * t3 - 5 * t2 + 2) / 2, (-3 * t3 + 4 * t2 + t) / 2,
            (t3 - t2) / 2};
}

int lane(std::uint64_t lanes, int i) {
    return std::min(static_cast<int>((lanes >> (16 * i)) & 0xffff), 255);
}

}  // namespace

Compositor::Compositor(const std::vector<ComposedLayer>& layers, int width, bool blueFirst)
    : m_width(width) {
    for (const auto& given : layers) {
        Layer layer;
        layer.opacity = static_cast<int>(std::lround(std::clamp(given.opacity, 0.0, 1.0) * 256));
        layer.blending = given.blending;
        if (layer.blending == Blending::Opaque) layer.opacity = 256;
        // Nothing lies below the first one that it could be darker than.
        if (layer.blending == Blending::Minimum && m_layers.empty())
            layer.blending = Blending::Translucent;
        layer.largest = given.largestChannel;
        if (given.suppressed) layer.fields = suppressedLanes(blueFirst);
        for (const auto& source : given.channels) {
            if (source.pixels.empty() || !source.table) continue;
            Channel channel;
            channel.pixels = source.pixels;
            channel.sampling = source.sampling;
            const auto& scale = layer.largest ? given.channels.front() : source;
            const double range = std::max(scale.limits.high - scale.limits.low, 1e-300);
            channel.low = scale.limits.low;
            channel.factor = (kSteps - 1) / range;
            channel.labels = given.labels;
            channel.outlines = given.labelStyle.outlines;
            channel.onlyLabel = given.labelStyle.onlyOne ? given.label : 0;
            channel.marked = given.labelColors.marked;
            channel.ownColors = given.labelColors.each != nullptr;
            channel.lanes = given.labels ? labelLanes(given.labelColors, blueFirst)
                                         : makeLanes(*scale.table, scale.gamma, blueFirst);
            channel.lanes.push_back(qAlpha(source.nothing) ? lanesOf(source.nothing, blueFirst)
                                                           : 0);
            channel.columns.reserve(static_cast<std::size_t>(width));
            channel.begin = channel.end = 0;
            const bool smooth = source.sampling.stepX < 1 && !given.labels && !given.suppressed;
            channel.taps = smooth ? tapsOf(given.interpolation) : 1;
            for (int i = 0; i < width; ++i) {
                const double at = source.sampling.x + i * source.sampling.stepX;
                const double x = std::floor(at + 0.5);
                if (x < 0 || x >= static_cast<double>(source.pixels.width())) continue;
                if (channel.columns.empty()) channel.begin = i;
                channel.end = i + 1;
                if (channel.taps == 1) {
                    channel.columns.push_back(static_cast<std::int32_t>(x));
                    continue;
                }
                const double first = std::floor(at);
                channel.columns.push_back(static_cast<std::int32_t>(first) - channel.taps / 2 + 1);
                const auto weights = weightsAt(at - first, channel.taps);
                channel.weights.insert(channel.weights.end(), weights.begin(),
                                       weights.begin() + channel.taps);
            }
            if (!channel.columns.empty()) layer.channels.push_back(std::move(channel));
        }
        if (given.suppressed && layer.channels.size() < 2) layer.fields.clear();
        if (!layer.channels.empty()) m_layers.push_back(std::move(layer));
    }
}

// Calls use(pane column, step of the contrast range) for every pixel of the row that has a value.
template <class Use>
void Compositor::sampleRow(const Channel& channel, int row, Use use) {
    const double y = std::floor(channel.sampling.y + row * channel.sampling.stepY + 0.5);
    if (y < 0 || y >= static_cast<double>(channel.pixels.height())) return;
    if (channel.taps > 1) return interpolateRow(channel, row, use);
    if (channel.labels) return labelsRow(channel, row, use);
    image::visit(channel.pixels, [&](const auto* pixels) {
        using T = std::decay_t<decltype(*pixels)>;
        using Real = std::conditional_t<(sizeof(T) < 4 || std::is_same_v<T, float>), float, double>;
        const T* line = pixels + static_cast<std::int64_t>(y) * channel.pixels.width();
        const auto low = static_cast<Real>(channel.low);
        const auto factor = static_cast<Real>(channel.factor);
        const std::int32_t* column = channel.columns.data();
        for (int i = channel.begin; i < channel.end; ++i, ++column) {
            const T value = line[*column];
            if constexpr (std::is_floating_point_v<T>) {
                if (std::isnan(value)) {
                    use(i, kNothing);
                    continue;
                }
            }
            const Real step = (static_cast<Real>(value) - low) * factor + Real(0.5);
            use(i, step > 0 ? (step < kSteps ? static_cast<int>(step) : kSteps - 1) : 0);
        }
    });
}

template <class Use>
void Compositor::labelsRow(const Channel& channel, int row, Use use) {
    const auto y = static_cast<std::int64_t>(
        std::floor(channel.sampling.y + row * channel.sampling.stepY + 0.5));
    const auto width = channel.pixels.width(), height = channel.pixels.height();
    image::visit(channel.pixels, [&](const auto* pixels) {
        const auto* line = pixels + y * width;
        const std::int32_t* column = channel.columns.data();
        for (int i = channel.begin; i < channel.end; ++i, ++column) {
            const auto value = line[*column];
            if (!(value > 0)) continue;
            const auto label = static_cast<std::uint64_t>(value);
            if (channel.onlyLabel != 0 && label != channel.onlyLabel) continue;
            if (channel.outlines) {
                const std::int64_t x = *column;
                const bool inside = x > 0 && x + 1 < width && y > 0 && y + 1 < height &&
                                    line[x - 1] == value && line[x + 1] == value &&
                                    line[x - width] == value && line[x + width] == value;
                if (inside) continue;
            }
            const auto last = channel.lanes.size() - 2;  // then that of pixels without a value
            if (label == channel.marked)
                use(i, static_cast<int>(last));
            else if (!channel.ownColors || label <= last)
                use(i, static_cast<int>((label - 1) % last));
        }
    });
}

// Rows first, then columns; pixels beyond the edge are taken to be those at it. What lies next to a
// pixel without a value has none either.
template <class Use>
void Compositor::interpolateRow(const Channel& channel, int row, Use use) {
    const double at = channel.sampling.y + row * channel.sampling.stepY;
    const double above = std::floor(at);
    const auto weights = weightsAt(at - above, channel.taps);
    const auto width = static_cast<std::int32_t>(channel.pixels.width());
    const std::int32_t first = std::max(channel.columns.front(), 0);
    const std::int32_t last = std::min(channel.columns.back() + channel.taps, width) - 1;
    std::vector<float> line(static_cast<std::size_t>(last - first + 1));
    image::visit(channel.pixels, [&](const auto* pixels) {
        for (int k = 0; k < channel.taps; ++k) {
            const auto y = std::clamp<std::int64_t>(
                static_cast<std::int64_t>(above) - channel.taps / 2 + 1 + k, 0,
                channel.pixels.height() - 1);
            const auto* from = pixels + y * channel.pixels.width();
            for (std::int32_t x = first; x <= last; ++x)
                line[static_cast<std::size_t>(x - first)] +=
                    weights[static_cast<std::size_t>(k)] *
                    static_cast<float>(static_cast<double>(from[x]) - channel.low);
        }
    });
    const auto factor = static_cast<float>(channel.factor);
    const float* weight = channel.weights.data();
    const std::int32_t* column = channel.columns.data();
    for (int i = channel.begin; i < channel.end; ++i, ++column, weight += channel.taps) {
        float value = 0;
        for (int k = 0; k < channel.taps; ++k)
            value += weight[k] *
                     line[static_cast<std::size_t>(std::clamp(*column + k, first, last) - first)];
        if (std::isnan(value)) {
            use(i, kNothing);
            continue;
        }
        const float step = value * factor + 0.5f;
        use(i, step > 0 ? (step < kSteps ? static_cast<int>(step) : kSteps - 1) : 0);
    }
}

void Compositor::suppressedRow(const Layer& layer, int row, std::vector<std::uint64_t>& sums,
                               std::vector<std::int16_t>& steps) const {
    using Palette = SuppressingPalette;
    steps.assign(static_cast<std::size_t>(m_width), -1);
    sampleRow(layer.channels[0], row, [&](int i, int step) {
        steps[static_cast<std::size_t>(i)] =
            static_cast<std::int16_t>(step * Palette::kSteps / kSteps);
    });
    sampleRow(layer.channels[1], row, [&](int i, int step) {
        const auto value = steps[static_cast<std::size_t>(i)];
        if (value < 0) return;
        const int level = step * Palette::kLevels / kSteps;
        sums[static_cast<std::size_t>(i)] =
            layer.fields[static_cast<std::size_t>(level * Palette::kSteps + value)];
    });
}

void Compositor::compose(int first, int last, std::uint8_t* pixels) const {
    std::vector<std::uint64_t> sums(static_cast<std::size_t>(m_width));
    std::vector<std::int16_t> largest;
    for (int row = first; row < last; ++row) {
        std::uint8_t* out = pixels + static_cast<std::ptrdiff_t>(row) * m_width * 4;
        for (int i = 0; i < m_width; ++i) {
            static constexpr std::uint8_t kCanvas[4] = {0, 0, 0, 255};
            std::memcpy(out + 4 * i, kCanvas, 4);
        }
        for (const auto& layer : m_layers) {
            std::fill(sums.begin(), sums.end(), 0);
            if (!layer.fields.empty()) {
                suppressedRow(layer, row, sums, largest);
            } else if (layer.largest) {
                largest.assign(static_cast<std::size_t>(m_width), -1);
                for (const auto& channel : layer.channels) {
                    sampleRow(channel, row, [&](int i, int step) {
                        if (step != kNothing)
                            largest[i] = std::max(largest[i], static_cast<std::int16_t>(step));
                    });
                }
                const auto& lanes = layer.channels.front().lanes;
                for (int i = 0; i < m_width; ++i) {
                    if (largest[i] >= 0) sums[i] = lanes[largest[i]];
                }
            } else {
                for (const auto& channel : layer.channels) {
                    const auto& lanes = channel.lanes;
                    sampleRow(channel, row, [&](int i, int step) { sums[i] += lanes[step]; });
                }
            }
            const bool additive = layer.blending == Blending::Additive,
                       minimum = layer.blending == Blending::Minimum;
            for (int i = 0; i < m_width; ++i) {
                if (sums[i] == 0) continue;
                std::uint8_t* pixel = out + 4 * i;
                for (int k = 0; k < 3; ++k) {
                    const int below = additive ? pixel[k] * 256 : pixel[k] * (256 - layer.opacity);
                    const int own =
                        minimum ? std::min<int>(pixel[k], lane(sums[i], k)) : lane(sums[i], k);
                    const int value = (below + own * layer.opacity + 128) >> 8;
                    pixel[k] = static_cast<std::uint8_t>(std::min(value, 255));
                }
            }
        }
    }
}

}  // namespace posteria::ui::viewer
