#include "ui/viewer/layer_cut.h"

#include <algorithm>
#include <cmath>

#include "ui/viewer/shown_slices.h"

namespace posteria::ui::viewer {

LayerCut::LayerCut() {
    connect(&m_reslicer, &Reslicer::sideViewsRead, this, [this](const SideViews& views) {
        m_sides = views;
        m_failure.clear();
        Q_EMIT changed();
    });
    connect(&m_reslicer, &Reslicer::failed, this,
            [this](const SideRequest&, const QString& message) {
                m_failure = message;
                Q_EMIT changed();
                Q_EMIT failed(message);
            });
}

void LayerCut::setLayer(Layer* layer) {
    m_layer = layer;
    m_failure.clear();
    if (!layer) clear();
}

void LayerCut::clear() {
    m_reslicer.clear();
    m_sides = {};
    m_wanted = {};
}

void LayerCut::request(const ViewState& state) {
    SideRequest request;
    if (m_layer && m_layer->stack() && state.shape().z > 1) {
        const auto& shape = m_layer->stack()->shape();
        const auto& place = m_layer->placement();
        const QPointF pixel = pixelSize(*m_layer->stack(), state);
        request.x = std::lround(state.crosshair().x() / pixel.x()) - place.x;
        request.y = std::lround(state.crosshair().y() / pixel.y()) - place.y;
        request.channels = m_layer->channelsShown(state.channel());
        for (std::int64_t z = 0; z < state.shape().z; ++z) {
            const auto plane = m_layer->planeAt(state.t(), z, 0);
            request.z.push_back(plane ? plane->z : -1);
            if (plane) request.t = plane->t;
        }
        // A crosshair beside the image cuts nothing.
        if (image::Rect{0, 0, shape.x, shape.y}.contains({request.x, request.y, 1, 1}))
            request.stack = m_layer->stack();
    }
    m_wanted = request;
    if (request.stack) {
        m_reslicer.request(request);
    } else {
        m_sides = {};
    }
}

bool LayerCut::isComplete() const {
    return !m_failure.isEmpty() || !m_wanted.stack ||
           (m_sides.request == m_wanted && m_sides.isComplete());
}

QString LayerCut::progress() const {
    if (m_sides.isComplete() && m_sides.request.stack == m_wanted.stack) return {};
    return tr("Reading plane %1 of %2…")
        .arg(m_sides.planesRead + 1)
        .arg(std::max<std::size_t>(m_wanted.z.size() * m_wanted.channels.size(), 1));
}

const image::Plane* LayerCut::plane(Side side, int channel) const {
    if (!m_layer || m_sides.request.stack != m_layer->stack()) return nullptr;
    const auto& channels = m_sides.request.channels;
    const auto found = std::find(channels.begin(), channels.end(), channel);
    if (found == channels.end()) return nullptr;
    return &(side == XZ ? m_sides.xz : m_sides.yz)[std::size_t(found - channels.begin())];
}

Sampling LayerCut::sampling(Side side, const ViewState& state, const QPointF& first,
                            double devicePixel) const {
    const QPointF pixel = pixelSize(*m_layer->stack(), state);
    const auto& place = m_layer->placement();
    const double stepX = side == YZ ? state.zStep() : pixel.x();
    const double stepY = side == XZ ? state.zStep() : pixel.y();
    const double x = first.x() / stepX - (side == YZ ? 0 : double(place.x));
    const double y = first.y() / stepY - (side == XZ ? 0 : double(place.y));
    return {x, y, devicePixel / stepX, devicePixel / stepY};
}

ComposedLayer LayerCut::composed(Side side, const ViewState& state, const QPointF& first,
                                 double devicePixel) const {
    ComposedLayer result;
    if (!m_layer) return result;
    result = composedAs(*m_layer, state);
    result.interpolation = Interpolation::Nearest;  // slices are seen as thick as they are
    for (const int c : m_layer->channelsShown(state.channel())) {
        const image::Plane* pixels = plane(side, c);
        if (!pixels) continue;
        const auto& display = m_layer->channels()[static_cast<std::size_t>(c)];
        result.channels.push_back({*pixels, sampling(side, state, first, devicePixel),
                                   &colormap(display.colormap), display.limits, display.gamma});
    }
    return result;
}

std::optional<double> LayerCut::value(Side side, const ViewState& state, const QPointF& at,
                                      int channel) const {
    const image::Plane* pixels = plane(side, channel);
    if (!pixels) return std::nullopt;
    const Sampling s = sampling(side, state, at, 1);
    const double x = std::floor(s.x + 0.5), y = std::floor(s.y + 0.5);
    if (x < 0 || y < 0 || x >= pixels->width() || y >= pixels->height()) return std::nullopt;
    const double v = pixels->value(static_cast<std::int64_t>(x), static_cast<std::int64_t>(y));
    return std::isnan(v) ? std::nullopt : std::optional<double>(v);
}

std::vector<PaintedMark> marksCut(const MarkLayer& layer, LayerCut::Side side,
                                  const ViewState& state,
                                  const std::function<QPointF(const QPointF&)>& toScreen) {
    std::vector<PaintedMark> painted;
    if (!layer.isVisible()) return painted;
    const bool xz = side == LayerCut::XZ, every = layer.style().everySlice;
    const double step = state.zStep(), reach = layer.style().size / 2 * state.scale();
    const auto place = [&](double along, double z) {
        return toScreen(xz ? QPointF(along, z) : QPointF(z, along));
    };
    int number = 0;
    for (Mark mark : layer.marks()) {
        ++number;
        if (!every && mark.t != state.t()) continue;
        if (!xz)
            for (auto& point : mark.points)
                point = point.transposed();
        const double at = xz ? state.crosshair().y() : state.crosshair().x();
        for (const auto& [from, to] : cutsOf(mark, at, reach)) {
            const double first = every ? -step / 2 : double(mark.z) * step;
            const double last = every ? (double(state.shape().z) - 0.5) * step : first;
            Mark cut;
            cut.kind = from == to && !every   ? Mark::Kind::Point
                       : from == to || !every ? Mark::Kind::Line
                                              : Mark::Kind::Rectangle;
            cut.points = {place(from, first), place(to, last)};
            if (cut.kind == Mark::Kind::Point) cut.points.pop_back();
            painted.push_back({cut, layer.style(), layer.opacity(), number, false});
        }
    }
    return painted;
}

}  // namespace posteria::ui::viewer
