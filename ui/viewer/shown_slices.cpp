#include "ui/viewer/shown_slices.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "ui/model/labels_layer.h"

namespace posteria::ui::viewer {

namespace {

// Planes up to this size are read whole, so that panning never waits.
constexpr std::uint64_t kWholePlaneBytes = 96ull << 20;
constexpr std::int64_t kBlock = 512;  // larger planes are read in multiples of this, in pixels

// Pixels of `level` from full-size pixels of the layer: coordinate and factor.
double levelFactor(std::int64_t full, std::int64_t level) {
    return static_cast<double>(full) / static_cast<double>(level);
}

int bestLevel(const image::StackInfo& info, double pixelsPerScreenPixel) {
    int best = 0;
    for (int level = 1; level < static_cast<int>(info.levels.size()); ++level) {
        const auto& size = info.levels[static_cast<std::size_t>(level)];
        if (levelFactor(info.shape.x, size.width) <= pixelsPerScreenPixel * 1.01) best = level;
    }
    return best;
}

// The slice's pixel coordinate of a position, and its pixels per µm.
QPointF toSlice(const QPointF& position, const ViewedLayer& layer, const ViewState& state,
                const SliceKey& key, QPointF* pixelsPerUnit) {
    const QPointF pixel = pixelSize(*key.stack, state);
    const auto& info = key.stack->info();
    const auto& size = info.levels[static_cast<std::size_t>(key.level)];
    const double fx = levelFactor(info.shape.x, size.width);
    const double fy = levelFactor(info.shape.y, size.height);
    const double stride = key.stride;
    *pixelsPerUnit = {1 / (pixel.x() * fx * stride), 1 / (pixel.y() * fy * stride)};
    // The edge of the first pixel is where coordinates of all levels agree.
    const double x = (position.x() / pixel.x() - layer.placement.x + 0.5) / fx - key.rect.x;
    const double y = (position.y() / pixel.y() - layer.placement.y + 0.5) / fy - key.rect.y;
    return {x / stride - 0.5, y / stride - 0.5};
}

SliceKey wantedSlice(const ViewedLayer& layer, const ViewState& state,
                     const image::PlaneIndex& plane, double devicePixel,
                     const SliceProvider& provider) {
    const auto& stack = layer.stack;
    const auto& info = stack->info();
    const double pixels = devicePixel / pixelSize(*stack, state).x();
    SliceKey key{stack, plane, bestLevel(info, pixels), {}};
    const image::Rect all = stack->bounds(key.level);
    key.rect = all;
    const auto bytes =
        static_cast<std::uint64_t>(all.width * all.height) * image::bytesPerPixel(info.type);
    if (info.reader == "memory" || bytes <= kWholePlaneBytes) return key;
    QPointF scale;
    const QRectF seen = state.visibleRect();
    const QPointF first = toSlice(seen.topLeft(), layer, state, key, &scale);
    const QPointF last = toSlice(seen.bottomRight(), layer, state, key, &scale);
    while (key.stride * 2 <= devicePixel * scale.x())
        key.stride *= 2;
    if (key.stride > 1 && key.stride >= provider.wholePlaneStride(*stack, key.level)) return key;
    const double block = static_cast<double>(kBlock * key.stride);
    const auto down = [&](double v) {
        return static_cast<std::int64_t>(std::floor(v / block) * block);
    };
    const auto up = [&](double v) {
        return static_cast<std::int64_t>(std::ceil((v + 1) / block) * block);
    };
    const std::int64_t x = down(first.x()), y = down(first.y());
    key.rect = image::Rect{x, y, up(last.x()) - x, up(last.y()) - y}.intersected(all);
    return key;
}

}  // namespace

ShownSlices::ShownSlices(QObject* parent) : QObject(parent) {
    connect(&m_provider, &SliceProvider::sliceReady, this,
            [this](const SliceKey& key, const image::Plane& plane) { accept(key, plane, false); });
    connect(&m_provider, &SliceProvider::slicePreview, this,
            [this](const SliceKey& key, const image::Plane& plane) { accept(key, plane, true); });
    connect(&m_provider, &SliceProvider::progress, this, &ShownSlices::progress);
    connect(&m_provider, &SliceProvider::sliceFailed, this, &ShownSlices::reject);
}

void ShownSlices::update(const std::vector<Request>& requests, double ratio) {
    m_provider.beginRequests();
    std::vector<Entry> entries;
    std::vector<image::StackPtr> stacks;
    for (const auto& [layer, state] : requests) {
        const auto isThis = [layer = layer, state = state](const Entry& entry) {
            return entry.layer == layer && entry.state == state;
        };
        if (!layer->stack() || std::any_of(entries.begin(), entries.end(), isThis)) continue;
        const auto known = std::find_if(m_entries.begin(), m_entries.end(), isThis);
        entries.push_back(known != m_entries.end() ? std::move(*known)
                                                   : Entry{layer, state, {}, {}});
        Entry& entry = entries.back();
        const auto slab = entry.viewed.slab;
        const bool isKnown = known != m_entries.end();
        if (entry.viewed.follow(*layer, *state) && isKnown && !(slab == entry.viewed.slab))
            layer->renewLimits();
        stacks.push_back(entry.viewed.stack);
        request(entry, state->scale() / ratio);
    }
    m_entries = std::move(entries);
    m_provider.keepOnly(stacks);
    if (isComplete()) readAhead(ratio);
    m_provider.endRequests();
}

void ShownSlices::request(Entry& entry, double devicePixel) {
    const ViewState& state = *entry.state;
    const auto& viewed = entry.viewed;
    entry.slices.resize(static_cast<std::size_t>(entry.layer->channelCount()));
    const auto shown = entry.layer->channelsShown(state.channel());
    for (int c = 0; c < entry.layer->channelCount(); ++c) {
        Slice& slice = entry.slices[static_cast<std::size_t>(c)];
        const auto plane = planeAt(*viewed.stack, viewed.placement, state.t(), state.z(), c);
        if (!plane || std::find(shown.begin(), shown.end(), c) == shown.end()) {
            slice = {};
            continue;
        }
        const SliceKey key = wantedSlice(viewed, state, *plane, devicePixel, m_provider);
        if (key.rect.empty()) {
            slice = {};
            continue;
        }
        if (!(key == slice.wanted)) slice.failed = slice.cancelled = false;
        slice.wanted = key;
        if (slice.failed) continue;
        bool fresh = false;
        if (!(key == slice.shown) || slice.preview) {
            const image::Plane pixelsNow = m_provider.request(key);
            if (pixelsNow.empty()) continue;
            slice.shown = key;
            slice.pixels = pixelsNow;
            slice.preview = false;
            fresh = true;
        }
        if (entry.layer->needsLimits(c) || (fresh && entry.layer->followsPlanes(c)))
            entry.layer->takeLimits(c, slice.pixels);
    }
}

// Panes that show the same slice share its pixels.
std::uint64_t ShownSlices::bytesFromFiles() const {
    std::uint64_t bytes = 0;
    std::set<const void*> counted;
    for (const auto& entry : m_entries) {
        if (!entry.viewed.stack || entry.viewed.stack->info().reader == "memory") continue;
        for (const auto& slice : entry.slices)
            if (!slice.pixels.empty() && counted.insert(slice.pixels.data()).second)
                bytes += static_cast<std::uint64_t>(slice.pixels.size()) *
                         image::bytesPerPixel(slice.pixels.type());
    }
    return bytes;
}

// So that the next step along z (t where there is no z) waits for no disk.
void ShownSlices::readAhead(double ratio) {
    // Where three slices do not fit, what is read ahead would push out what was read before.
    if (3 * bytesFromFiles() > m_provider.cacheLimit()) return;
    for (const auto& entry : m_entries) {
        const auto& viewed = entry.viewed;
        if (!entry.layer || viewed.stack->info().reader == "memory") continue;
        const ViewState& state = *entry.state;
        const bool alongZ = state.shape().z > 1;
        for (int c = 0; c < static_cast<int>(entry.slices.size()); ++c) {
            if (entry.slices[static_cast<std::size_t>(c)].pixels.empty()) continue;
            for (const int step : {-1, 1}) {
                const auto plane =
                    planeAt(*viewed.stack, viewed.placement, state.t() + (alongZ ? 0 : step),
                            state.z() + (alongZ ? step : 0), c);
                if (!plane) continue;
                const SliceKey key =
                    wantedSlice(viewed, state, *plane, state.scale() / ratio, m_provider);
                if (!key.rect.empty()) m_provider.request(key);
            }
        }
    }
}

void ShownSlices::accept(const SliceKey& key, const image::Plane& plane, bool preview) {
    bool wanted = false;
    for (auto& entry : m_entries) {
        for (auto& slice : entry.slices) {
            if (!(slice.wanted == key) || slice.failed) continue;
            // Means that are there already are not taken back.
            if (preview && slice.shown == key && !slice.preview) continue;
            slice.shown = key;
            slice.pixels = plane;
            slice.preview = preview;
            wanted = true;
            const int c = static_cast<int>(&slice - entry.slices.data());
            if (entry.layer && entry.viewed.stack == key.stack &&
                (entry.layer->needsLimits(c) || entry.layer->followsPlanes(c))) {
                entry.layer->takeLimits(c, plane);
            }
        }
    }
    if (wanted) Q_EMIT arrived();
}

void ShownSlices::reject(const SliceKey& key, const QString& message) {
    bool wanted = false;
    for (auto& entry : m_entries) {
        for (auto& slice : entry.slices) {
            if (!(slice.wanted == key)) continue;
            slice.failed = wanted = true;
            slice.shown = {};
            slice.pixels = {};
        }
    }
    if (!wanted) return;
    Q_EMIT failed(message);
    Q_EMIT arrived();
}

void ShownSlices::cancel() {
    m_provider.cancel();
    bool any = false;
    for (auto& entry : m_entries) {
        for (auto& slice : entry.slices) {
            if (!slice.wanted.stack || slice.failed) continue;
            if (slice.wanted == slice.shown && !slice.preview) continue;
            any = slice.failed = true;
            if (slice.wanted == slice.shown) continue;  // sampled pixels do
            slice.cancelled = true;
            slice.shown = {};
            slice.pixels = {};
        }
    }
    if (any) Q_EMIT arrived();
}

bool ShownSlices::isCancelled(const Layer& layer, const ViewState& state) const {
    const Entry* entry = entryOf(layer, state);
    return entry && std::any_of(entry->slices.begin(), entry->slices.end(),
                                [](const Slice& slice) { return slice.cancelled; });
}

bool ShownSlices::isComplete() const {
    for (const auto& entry : m_entries) {
        for (const auto& slice : entry.slices) {
            const bool there = slice.wanted == slice.shown && !slice.preview;
            if (slice.wanted.stack && !slice.failed && !there) return false;
        }
    }
    return true;
}

const ShownSlices::Entry* ShownSlices::entryOf(const Layer& layer, const ViewState& state) const {
    const auto found = std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& entry) {
        return entry.layer == &layer && entry.state == &state;
    });
    return found == m_entries.end() ? nullptr : &*found;
}

const ShownSlices::Slice* ShownSlices::sliceOf(const Entry& entry, int channel) {
    const auto index = static_cast<std::size_t>(channel);
    if (index >= entry.slices.size()) return nullptr;
    const Slice& slice = entry.slices[index];
    return slice.pixels.empty() ? nullptr : &slice;
}

ComposedLayer composedAs(const Layer& layer, const ViewState& state) {
    ComposedLayer result;
    result.opacity = layer.opacity();
    result.blending = layer.display().blending;
    result.interpolation = layer.display().interpolation;
    if (const auto* labels = qobject_cast<const LabelsLayer*>(&layer)) {
        result.labels = true;
        result.labelStyle = labels->style();
        result.labelColors = labels->colors();
        result.label = static_cast<std::uint64_t>(labels->label());
    }
    result.largestChannel =
        layer.role() == Layer::Role::Uncertainty && layer.channelsShown(state.channel()).size() > 1;
    return result;
}

ComposedLayer ShownSlices::composed(const Layer& layer, const ViewState& state,
                                    const QPointF& first, double devicePixel) const {
    ComposedLayer result = composedAs(layer, state);
    for (const int c : layer.channelsShown(state.channel())) {
        if (auto one = channel(layer, state, c, first, devicePixel))
            result.channels.push_back(std::move(*one));
    }
    return result;
}

std::optional<ComposedChannel> ShownSlices::channel(const Layer& layer, const ViewState& state,
                                                    int channel, const QPointF& first,
                                                    double devicePixel) const {
    const Entry* entry = entryOf(layer, state);
    const Slice* slice = entry ? sliceOf(*entry, channel) : nullptr;
    if (!slice) return std::nullopt;
    const auto& display = layer.channels()[static_cast<std::size_t>(channel)];
    QPointF step;
    const QPointF origin = toSlice(first, entry->viewed, state, slice->shown, &step);
    ComposedChannel result;
    result.pixels = slice->pixels;
    result.sampling = {origin.x(), origin.y(), step.x() * devicePixel, step.y() * devicePixel};
    result.table = &colormap(display.colormap);
    result.limits = display.limits;
    result.gamma = display.gamma;
    result.nothing = colorOfNothing(display.colormap);
    return result;
}

std::optional<double> ShownSlices::value(const Layer& layer, const ViewState& state, int channel,
                                         const QPointF& position) const {
    const Entry* entry = entryOf(layer, state);
    const Slice* slice = entry ? sliceOf(*entry, channel) : nullptr;
    if (!slice) return std::nullopt;
    QPointF step;
    const QPointF at = toSlice(position, entry->viewed, state, slice->shown, &step);
    const double x = std::floor(at.x() + 0.5), y = std::floor(at.y() + 0.5);
    if (x < 0 || y < 0 || x >= slice->pixels.width() || y >= slice->pixels.height())
        return std::nullopt;
    const double value =
        slice->pixels.value(static_cast<std::int64_t>(x), static_cast<std::int64_t>(y));
    return std::isnan(value) ? std::nullopt : std::optional<double>(value);
}

}  // namespace posteria::ui::viewer
