#include "ui/viewer/ortho_view.h"

#include <vtkSMPTools.h>

#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/model/reslicer.h"
#include "ui/viewer/ortho_mouse.h"
#include "ui/viewer/overlay.h"
#include "ui/viewer/raster_surface.h"
#include "ui/viewer/readout.h"
#include "ui/viewer/shown_slices.h"

namespace posteria::ui::viewer {

namespace {

constexpr double kScaleBarPixels = 130;  // at most, logical
constexpr std::array<OrthoView::Side, 3> kSides = {OrthoView::XY, OrthoView::YZ, OrthoView::XZ};

}  // namespace

std::vector<QRect> orthoLayout(const QSizeF& image, double depth, const QSize& window, int gap) {
    const auto share = [&](double extent) {
        return std::clamp(depth / std::max(extent + depth, 1e-9), 0.2, 0.5);
    };
    const int right = static_cast<int>(std::lround(window.width() * share(image.width())));
    const int below = static_cast<int>(std::lround(window.height() * share(image.height())));
    const int width = std::max(window.width() - right - gap, 1);
    const int height = std::max(window.height() - below - gap, 1);
    return {QRect(0, 0, width, height), QRect(width + gap, 0, std::max(right, 1), height),
            QRect(0, height + gap, width, std::max(below, 1))};
}

struct OrthoView::Private {
    RasterSurface* surface = nullptr;
    OrthoMouse* mouse = nullptr;
    ShownSlices slices;
    Reslicer reslicer;
    QPointer<ViewState> state;
    QPointer<Layer> layer;
    SideViews sides;
    SideRequest wanted;
    QString failure;
    double zCenter = 0;
    std::optional<Side> cursorSide;
    Position3 cursor;
    bool scaleBar = true, labels = true, dirty = true, scheduled = false, wasSettled = true,
         refreshing = false;

    bool isShown() const { return state && layer && layer->stack(); }
    std::int64_t depth() const { return state ? state->shape().z : 1; }
    bool sidesComplete() const {
        return !failure.isEmpty() || !wanted.stack ||
               (sides.request == wanted && sides.isComplete());
    }

    // Where a view's first device pixel lies in a plane of the layer; see Sampling.
    Sampling sampling(Side side, const QPointF& first, double devicePixel) const {
        const QPointF pixel = pixelSize(*layer->stack(), *state);
        const auto& place = layer->placement();
        const double zStep = state->zStep();
        const double x = first.x() / (side == YZ ? zStep : pixel.x()) - (side == YZ ? 0 : place.x);
        const double y = first.y() / (side == XZ ? zStep : pixel.y()) - (side == XZ ? 0 : place.y);
        return {x, y, devicePixel / (side == YZ ? zStep : pixel.x()),
                devicePixel / (side == XZ ? zStep : pixel.y())};
    }
    const image::Plane* side(Side which, int channel) const {
        if (!layer || sides.request.stack != layer->stack()) return nullptr;
        const auto& channels = sides.request.channels;
        const auto found = std::find(channels.begin(), channels.end(), channel);
        if (found == channels.end()) return nullptr;
        return &(which == XZ ? sides.xz : sides.yz)[std::size_t(found - channels.begin())];
    }
    // In the free corner: where the crosshair is, how large a voxel, how strongly stretched.
    PaneOverlay legend() const {
        PaneOverlay overlay;
        if (!isShown()) return overlay;
        const QPointF at = state->crosshair(), pixel = pixelSize(*layer->stack(), *state);
        const QString unit = state->unit();
        const auto number = [](double v) { return QString::number(v, 'g', 3); };
        overlay.message = OrthoView::tr("x %1, y %2, z %3 %4\nslice %5 of %6")
                              .arg(number(at.x()), number(at.y()), number(state->zPosition()), unit)
                              .arg(state->z() + 1)
                              .arg(depth());
        if (state->isCalibrated()) {
            overlay.message +=
                OrthoView::tr("\nvoxel %1 × %2 × %3 µm")
                    .arg(number(pixel.x()), number(pixel.y()), number(state->zStep()));
        } else {
            overlay.message += OrthoView::tr("\nthe file gives no voxel size");
        }
        return overlay;
    }
    ComposedLayer composed(Side which, const QPointF& first, double devicePixel) const {
        ComposedLayer result;
        const auto shown = layer->channelsShown(state->channel());
        result.largestChannel = layer->role() == Layer::Role::Uncertainty && shown.size() > 1;
        for (const int c : shown) {
            const image::Plane* plane = side(which, c);
            if (!plane) continue;
            const auto& display = layer->channels()[static_cast<std::size_t>(c)];
            result.channels.push_back({*plane, sampling(which, first, devicePixel),
                                       &colormap(display.colormap), display.limits, display.gamma});
        }
        return result;
    }
};

OrthoView::OrthoView(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>()) {
    setObjectName(QStringLiteral("orthoView"));
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    d->mouse = new OrthoMouse(this);
    d->surface = new RasterSurface(this, this);
    d->surface->setObjectName(QStringLiteral("orthoSurface"));
    d->surface->setAttribute(Qt::WA_TransparentForMouseEvents);
    connect(&d->slices, &ShownSlices::arrived, this, &OrthoView::schedule);
    connect(&d->slices, &ShownSlices::failed, this, &OrthoView::failed);
    connect(&d->reslicer, &Reslicer::sideViewsRead, this, [this](const SideViews& views) {
        d->sides = views;
        d->failure.clear();
        d->dirty = true;
        d->wasSettled = false;
        d->surface->update();
    });
    connect(&d->reslicer, &Reslicer::failed, this,
            [this](const SideRequest&, const QString& message) {
                d->failure = message;
                d->surface->update();
                Q_EMIT failed(message);
            });
}

OrthoView::~OrthoView() {
    delete d->mouse;  // deleting what is under the pointer sends a last event
    delete d->surface;
}

void OrthoView::setViewState(ViewState* state) {
    if (d->state == state) return;
    if (d->state) disconnect(d->state, nullptr, this, nullptr);
    d->state = state;
    if (state) {
        for (const auto signal :
             {&ViewState::imageChanged, &ViewState::viewChanged, &ViewState::crosshairChanged})
            connect(state, signal, this, &OrthoView::schedule);
        for (const auto signal : {&ViewState::tChanged, &ViewState::zChanged})
            connect(state, signal, this, &OrthoView::schedule);
        connect(state, &ViewState::channelChanged, this, &OrthoView::schedule);
        const auto middle = [this] { d->zCenter = (d->depth() - 1) * d->state->zStep() / 2; };
        connect(state, &ViewState::imageChanged, this, middle);
        middle();
    } else {
        d->reslicer.clear();
        d->sides = {};
        d->wanted = {};
    }
    schedule();
}

ViewState* OrthoView::viewState() const {
    return d->state;
}

void OrthoView::setLayer(Layer* layer) {
    if (d->layer == layer) return;
    if (d->layer) disconnect(d->layer, nullptr, this, nullptr);
    d->layer = layer;
    d->failure.clear();
    if (layer) {
        for (const auto signal :
             {&Layer::stackChanged, &Layer::placementChanged, &Layer::displayChanged})
            connect(layer, signal, this, &OrthoView::schedule);
    } else {
        d->reslicer.clear();
        d->sides = {};
        d->wanted = {};
    }
    schedule();
}

void OrthoView::setScaleBarVisible(bool visible) {
    d->scaleBar = visible;
    d->surface->update();
}

void OrthoView::setLabelsVisible(bool visible) {
    d->labels = visible;
    d->surface->update();
}

Layer* OrthoView::layer() const {
    return d->layer;
}

void OrthoView::setInputPreset(InputPreset preset) {
    d->mouse->setPreset(preset);
}

void OrthoView::setCacheBytes(std::uint64_t bytes) {
    d->slices.setCacheBytes(bytes);
}

void OrthoView::zoom(double factor) {
    if (!d->state) return;
    if (d->cursorSide)
        zoomAt(*d->cursorSide, fromPosition(*d->cursorSide, d->cursor), factor);
    else
        zoomAt(XY, paneRect(XY).center(), factor);
}

void OrthoView::resetView() {
    if (!d->state) return;
    d->zCenter = (d->depth() - 1) * d->state->zStep() / 2;
    d->state->fit();
    schedule();
}

void OrthoView::resizeEvent(QResizeEvent*) {
    d->surface->setGeometry(rect());
    schedule();
}

void OrthoView::schedule() {
    d->dirty = true;
    d->wasSettled = false;
    if (d->scheduled || d->refreshing) return;  // refreshing: limits and sizes that it sets itself
    d->scheduled = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (d->scheduled) refresh();
        },
        Qt::QueuedConnection);
}

void OrthoView::refresh() {
    d->scheduled = false;
    if (!d->state) return;
    d->refreshing = true;
    ViewState& state = *d->state;
    if (d->layer) {
        state.setChannelCount(
            std::max(static_cast<int>(state.shape().c), d->layer->channelCount()));
    }
    state.setViewport(paneRect(XY).size());
    std::vector<ShownSlices::Request> requests;
    if (d->isShown()) requests.push_back({d->layer, &state});
    d->slices.update(requests, devicePixelRatioF());
    requestSides();
    d->refreshing = false;
    d->dirty = true;  // a picture may have been painted since this was scheduled
    d->surface->update();
    Q_EMIT cursorMoved();
}

void OrthoView::requestSides() {
    SideRequest request;
    if (d->isShown() && d->depth() > 1) {
        const ViewState& state = *d->state;
        const Layer& layer = *d->layer;
        const auto& shape = layer.stack()->shape();
        const QPointF pixel = pixelSize(*layer.stack(), state);
        request.x = std::lround(state.crosshair().x() / pixel.x()) - layer.placement().x;
        request.y = std::lround(state.crosshair().y() / pixel.y()) - layer.placement().y;
        request.channels = layer.channelsShown(state.channel());
        for (std::int64_t z = 0; z < d->depth(); ++z) {
            const auto plane = layer.planeAt(state.t(), z, 0);
            request.z.push_back(plane ? plane->z : -1);
            if (plane) request.t = plane->t;
        }
        // A crosshair beside the image cuts nothing.
        if (image::Rect{0, 0, shape.x, shape.y}.contains({request.x, request.y, 1, 1}))
            request.stack = layer.stack();
    }
    d->wanted = request;
    if (request.stack) {
        d->reslicer.request(request);
    } else {
        d->sides = {};
    }
}

bool OrthoView::isSettled() const {
    return !d->scheduled && d->wasSettled;
}

QPointF OrthoView::center(Side side) const {
    const QPointF c = d->state->center();
    return {side == YZ ? d->zCenter : c.x(), side == XZ ? d->zCenter : c.y()};
}

bool OrthoView::updatePixels() {
    if (!d->dirty) return false;
    const double ratio = devicePixelRatioF();
    const auto layout = deviceLayout();
    d->surface->setLayout(layout, (QSizeF(size()) * ratio).toSize());
    d->dirty = false;
    if (!d->state) return true;
    const double devicePixel = d->state->scale() / ratio;
    for (const Side side : kSides) {
        const QRect& place = layout[side];
        const QPointF first =
            center(side) - QPointF(place.width() - 1, place.height() - 1) * devicePixel / 2;
        std::vector<ComposedLayer> layers;
        if (d->isShown()) {
            layers.push_back(side == XY
                                 ? d->slices.composed(*d->layer, *d->state, first, devicePixel)
                                 : d->composed(side, first, devicePixel));
            layers.back().opacity = 1;  // there is nothing below
        }
        const Compositor compositor(layers, place.width(), d->surface->wantsBlueFirst());
        std::uint8_t* pixels = d->surface->pixels(side);
        vtkSMPTools::For(0, place.height(), 32, [&](vtkIdType from, vtkIdType to) {
            compositor.compose(static_cast<int>(from), static_cast<int>(to), pixels);
        });
    }
    return true;
}

void OrthoView::paintOver(QPainter& painter) {
    if (!d->state) return;
    const ViewState& state = *d->state;
    std::vector<PaneOverlay> overlays;
    for (const Side side : kSides) {
        PaneOverlay overlay;
        overlay.rect = paneRect(side);
        overlay.crosshair = fromPosition(side, crosshair());
        if (d->cursorSide && *d->cursorSide != side) {
            overlay.cursor = fromPosition(side, d->cursor);
        }
        if (side == XY && d->layer) {
            overlay.title = QStringLiteral("XY · %1").arg(d->layer->name());
            if (d->scaleBar) {
                overlay.scaleBar =
                    chooseScaleBar(state.scale(), state.isCalibrated(),
                                   std::min(kScaleBarPixels, overlay.rect.width() / 3));
            }
        } else {
            overlay.title = side == YZ ? QStringLiteral("YZ") : QStringLiteral("XZ");
        }
        if (side == YZ) {
            if (!d->isShown()) {
            } else if (d->depth() == 1) {
                overlay.message = tr("This image has a single slice: there is nothing to cut.");
            } else if (!d->failure.isEmpty()) {
                overlay.message = d->failure;
            } else if (!d->wanted.stack) {
                overlay.message = tr("The crosshair is outside the image.");
            } else if (!d->sides.isComplete() || d->sides.request.stack != d->wanted.stack) {
                overlay.message = tr("Reading plane %1 of %2…")
                                      .arg(d->sides.planesRead + 1)
                                      .arg(std::max<std::size_t>(
                                          d->wanted.z.size() * d->wanted.channels.size(), 1));
            }
        }
        overlays.push_back(std::move(overlay));
    }
    overlays.push_back(d->legend());
    overlays.back().rect = {paneRect(YZ).left(), paneRect(XZ).top(), paneRect(YZ).width(),
                            paneRect(XZ).height()};
    if (!d->labels) {
        for (auto& overlay : overlays)
            removeLabels(overlay);
        overlays.back().message.clear();
    }
    paintOverlay(painter, overlays);

    if (!d->wasSettled && !d->scheduled && d->slices.isComplete() && d->sidesComplete()) {
        d->wasSettled = true;
        QMetaObject::invokeMethod(this, &OrthoView::settled, Qt::QueuedConnection);
    }
}

QImage OrthoView::grabFrame() {
    if (d->scheduled) refresh();
    return d->surface->grabFrame();
}

std::vector<QRect> OrthoView::deviceLayout() const {
    const double ratio = devicePixelRatioF();
    const QSize window = (QSizeF(size()) * ratio).toSize();
    const QSizeF image = d->state ? d->state->bounds().size() : QSizeF(1, 1);
    const double depth = d->state ? d->depth() * d->state->zStep() : 1;
    return orthoLayout(image, depth, window, std::max(1, static_cast<int>(std::lround(ratio))));
}

QRectF OrthoView::paneRect(Side side) const {
    const QRect place = deviceLayout()[side];
    const double ratio = devicePixelRatioF();
    return {QPointF(place.topLeft()) / ratio, QSizeF(place.size()) / ratio};
}

std::optional<OrthoView::Side> OrthoView::sideAt(const QPointF& widget) const {
    for (const Side side : kSides) {
        if (paneRect(side).contains(widget)) return side;
    }
    return std::nullopt;
}

Position3 OrthoView::crosshair() const {
    const QPointF at = d->state->crosshair();
    return {at.x(), at.y(), d->state->zPosition()};
}

Position3 OrthoView::toPosition(Side side, const QPointF& widget) const {
    const QPointF at = center(side) + (widget - paneRect(side).center()) * d->state->scale();
    Position3 result = crosshair();
    (side == YZ ? result.z : result.x) = at.x();
    (side == XZ ? result.z : result.y) = at.y();
    return result;
}

QPointF OrthoView::fromPosition(Side side, const Position3& at) const {
    const QPointF flat(side == YZ ? at.z : at.x, side == XZ ? at.z : at.y);
    return paneRect(side).center() + (flat - center(side)) / d->state->scale();
}

void OrthoView::setCrosshair(const Position3& at) {
    const QRectF inside = d->state->bounds();
    d->state->setCrosshair({std::clamp(at.x, inside.left(), inside.right()),
                            std::clamp(at.y, inside.top(), inside.bottom())});
    d->state->setZ(std::lround(at.z / d->state->zStep()));
}

void OrthoView::setCursor(std::optional<Side> side, const QPointF& widget) {
    d->cursorSide = side;
    if (side) d->cursor = toPosition(*side, widget);
    d->surface->update();
    Q_EMIT cursorMoved();
}

void OrthoView::pan(Side side, const QPointF& logicalPixels) {
    const double scale = d->state->scale();
    const QPointF moved = logicalPixels * scale;
    const QPointF c = d->state->center();
    if (side == XY) {
        d->state->pan(logicalPixels);
    } else if (side == YZ) {
        d->zCenter -= moved.x();
        d->state->setView({c.x(), c.y() - moved.y()}, scale);
    } else {
        d->zCenter -= moved.y();
        d->state->setView({c.x() - moved.x(), c.y()}, scale);
    }
    schedule();
}

void OrthoView::zoomAt(Side side, const QPointF& widget, double factor) {
    const Position3 at = toPosition(side, widget);
    const double before = d->state->scale();
    // What a side view does not show keeps its middle.
    const QPointF c = d->state->center();
    d->state->zoomAt({side == YZ ? c.x() : at.x, side == XZ ? c.y() : at.y}, factor);
    if (side != XY) d->zCenter = at.z + (d->zCenter - at.z) * (d->state->scale() / before);
    schedule();
}

void OrthoView::step(Side side, int n) {
    Position3 at = crosshair();
    const QPointF pixel = d->state->pixelSize();
    if (side == XY) at.z += n * d->state->zStep();
    if (side == YZ) at.x += n * pixel.x();
    if (side == XZ) at.y += n * pixel.y();
    setCrosshair(at);
}

std::optional<double> OrthoView::value(Side side, const Position3& at, int channel) const {
    if (!d->isShown()) return std::nullopt;
    if (side == XY) return d->slices.value(*d->layer, *d->state, channel, {at.x, at.y});
    const image::Plane* plane = d->side(side, channel);
    if (!plane) return std::nullopt;
    const Sampling s = d->sampling(side, {side == YZ ? at.z : at.x, side == XZ ? at.z : at.y}, 1);
    const double x = std::floor(s.x + 0.5), y = std::floor(s.y + 0.5);
    if (x < 0 || y < 0 || x >= plane->width() || y >= plane->height()) return std::nullopt;
    const double v = plane->value(static_cast<std::int64_t>(x), static_cast<std::int64_t>(y));
    return std::isnan(v) ? std::nullopt : std::optional<double>(v);
}

QString OrthoView::valueText() const {
    if (!d->isShown() || !d->cursorSide) return {};
    const ViewState& state = *d->state;
    const int digits = state.isCalibrated() ? 2 : 0;
    const QString where = QStringLiteral("x %1, y %2, z %3 %4")
                              .arg(d->cursor.x, 0, 'f', digits)
                              .arg(d->cursor.y, 0, 'f', digits)
                              .arg(d->cursor.z, 0, 'f', digits)
                              .arg(state.unit());
    QStringList values;
    for (const int c : d->layer->channelsShown(state.channel())) {
        if (const auto v = value(*d->cursorSide, d->cursor, c)) values << formatValue(*v);
    }
    if (values.isEmpty()) return where;
    return QStringLiteral("%1   %2: %3")
        .arg(where, d->layer->name(), values.join(QStringLiteral(" | ")));
}

}  // namespace posteria::ui::viewer
