#include "ui/viewer/ortho_view.h"

#include <vtkSMPTools.h>

#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/model/labels_layer.h"
#include "ui/viewer/layer_cut.h"
#include "ui/viewer/ortho_mouse.h"
#include "ui/viewer/overlay.h"
#include "ui/viewer/raster_surface.h"
#include "ui/viewer/readout.h"
#include "ui/viewer/shown_slices.h"

namespace posteria::ui::viewer {

namespace {

constexpr double kScaleBarPixels = 130;  // at most, logical
constexpr std::array<OrthoView::Side, 3> kSides = {OrthoView::XY, OrthoView::YZ, OrthoView::XZ};

LayerCut::Side cutOf(OrthoView::Side side) {
    return side == OrthoView::XZ ? LayerCut::XZ : LayerCut::YZ;
}

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
    QPointer<ViewState> state;
    LayerCut image;
    std::vector<std::unique_ptr<LayerCut>> labels;
    std::vector<QPointer<Layer>> over;
    double zCenter = 0;
    std::optional<Side> cursorSide;
    Position3 cursor;
    bool scaleBar = true, axes = false, words = true, dirty = true, scheduled = false,
         wasSettled = true, refreshing = false;

    bool isShown() const { return state && image.layer() && image.layer()->stack(); }
    std::int64_t depth() const { return state ? state->shape().z : 1; }
    bool sidesComplete() const {
        return image.isComplete() && std::all_of(labels.begin(), labels.end(),
                                                 [](const auto& cut) { return cut->isComplete(); });
    }

    // In the free corner: where the crosshair is, how large a voxel, how strongly stretched.
    PaneOverlay legend() const {
        PaneOverlay overlay;
        if (!isShown()) return overlay;
        const QPointF at = state->crosshair(), pixel = pixelSize(*image.layer()->stack(), *state);
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
    // As XY or a side view shows it.
    ComposedLayer composed(const LayerCut& cut, Side side, const QPointF& first,
                           double devicePixel) const {
        return side == XY ? slices.composed(*cut.layer(), *state, first, devicePixel)
                          : cut.composed(cutOf(side), *state, first, devicePixel);
    }
    bool shows(const Layer* layer) const { return layer && layer->isVisible() && layer->stack(); }
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
    follow(d->image);
}

void OrthoView::follow(LayerCut& cut) {
    connect(&cut, &LayerCut::failed, this, &OrthoView::failed);
    connect(&cut, &LayerCut::changed, this, [this] {
        d->dirty = true;
        d->wasSettled = false;
        d->surface->update();
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
        d->image.clear();
        d->labels.clear();
    }
    schedule();
}

ViewState* OrthoView::viewState() const {
    return d->state;
}

void OrthoView::setLayer(Layer* layer, const std::vector<QPointer<Layer>>& over) {
    if (d->image.layer() == layer && d->over == over) return;
    for (const auto& each : d->over)
        if (each) disconnect(each, nullptr, this, nullptr);
    if (d->image.layer() != layer) {
        if (d->image.layer()) disconnect(d->image.layer(), nullptr, this, nullptr);
        d->image.setLayer(layer);
        if (layer) followLayer(*layer);
    }
    d->over = over;
    for (const auto& each : over)
        if (each) followLayer(*each);
    schedule();
}

void OrthoView::followLayer(Layer& layer) {
    for (const auto signal :
         {&Layer::stackChanged, &Layer::placementChanged, &Layer::displayChanged})
        connect(&layer, signal, this, &OrthoView::schedule);
    const auto repaint = [this] { d->surface->update(); };
    if (auto* marks = qobject_cast<MarkLayer*>(&layer))
        connect(marks, &MarkLayer::marksChanged, this, repaint);
    if (auto* labels = qobject_cast<LabelsLayer*>(&layer))
        connect(labels, &LabelsLayer::toolChanged, this, &OrthoView::schedule);
}

void OrthoView::setScaleBarVisible(bool visible) {
    d->scaleBar = visible;
    d->surface->update();
}

void OrthoView::setAxesVisible(bool visible) {
    d->axes = visible;
    d->surface->update();
}

void OrthoView::setLabelsVisible(bool visible) {
    d->words = visible;
    d->surface->update();
}

Layer* OrthoView::layer() const {
    return d->image.layer();
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
    if (d->image.layer()) {
        state.setChannelCount(
            std::max(static_cast<int>(state.shape().c), d->image.layer()->channelCount()));
    }
    state.setViewport(paneRect(XY).size());
    std::vector<ShownSlices::Request> requests;
    if (d->isShown()) requests.push_back({d->image.layer(), &state});
    std::vector<std::unique_ptr<LayerCut>> labels;
    for (const auto& layer : d->over) {
        if (!d->isShown() || !d->shows(layer)) continue;
        requests.push_back({layer, &state});
        const auto known = std::find_if(d->labels.begin(), d->labels.end(), [&](const auto& cut) {
            return cut && cut->layer() == layer;
        });
        if (known != d->labels.end()) {
            labels.push_back(std::move(*known));
            continue;
        }
        labels.push_back(std::make_unique<LayerCut>());
        labels.back()->setLayer(layer);
        follow(*labels.back());
    }
    d->labels = std::move(labels);
    d->slices.update(requests, devicePixelRatioF());
    d->image.request(state);
    for (const auto& cut : d->labels)
        cut->request(state);
    d->refreshing = false;
    d->dirty = true;  // a picture may have been painted since this was scheduled
    d->surface->update();
    Q_EMIT cursorMoved();
}

std::vector<PaintedMark> OrthoView::marksIn(Side side) const {
    std::vector<PaintedMark> painted;
    const ViewState& state = *d->state;
    const auto toScreen = [&](const QPointF& p) {
        return paneRect(side).center() + (p - center(side)) / state.scale();
    };
    for (const auto& layer : d->over) {
        const auto* marks = qobject_cast<const MarkLayer*>(layer.data());
        if (!marks) continue;
        const auto seen = side == XY ? marksAt(*marks, state.t(), state.z(), false, toScreen)
                                     : marksCut(*marks, cutOf(side), state, toScreen);
        painted.insert(painted.end(), seen.begin(), seen.end());
    }
    return painted;
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
            layers.push_back(d->composed(d->image, side, first, devicePixel));
            layers.back().opacity = 1;  // there is nothing below
            for (const auto& cut : d->labels)
                if (cut->layer()) layers.push_back(d->composed(*cut, side, first, devicePixel));
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
        if (d->isShown()) overlay.marks = marksIn(side);
        if (d->axes && d->isShown())
            overlay.axes =
                PlaneAxes{QLatin1Char(side == YZ ? 'z' : 'x'), QLatin1Char(side == XZ ? 'z' : 'y')};
        if (side == XY && d->image.layer()) {
            overlay.title = QStringLiteral("XY · %1").arg(d->image.layer()->name());
            if (d->scaleBar) {
                overlay.scaleBar =
                    chooseScaleBar(state.scale(), state.isCalibrated(),
                                   std::min(kScaleBarPixels, overlay.rect.width() / 3));
            }
        } else {
            static constexpr const char* kNames[] = {"XY", "YZ", "XZ"};
            overlay.title = QLatin1String(kNames[side]);
        }
        if (side == YZ) {
            if (!d->isShown()) {
            } else if (d->depth() == 1) {
                overlay.message = tr("This image has a single slice: there is nothing to cut.");
            } else if (!d->image.failure().isEmpty()) {
                overlay.message = d->image.failure();
            } else if (d->image.isOutside()) {
                overlay.message = tr("The crosshair is outside the image.");
            } else {
                overlay.message = d->image.progress();
            }
        }
        overlays.push_back(std::move(overlay));
    }
    overlays.push_back(d->legend());
    overlays.back().rect = {paneRect(YZ).left(), paneRect(XZ).top(), paneRect(YZ).width(),
                            paneRect(XZ).height()};
    if (!d->words) {
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
    if (side == XY) return d->slices.value(*d->image.layer(), *d->state, channel, {at.x, at.y});
    const QPointF flat(side == YZ ? at.z : at.x, side == XZ ? at.z : at.y);
    return d->image.value(cutOf(side), *d->state, flat, channel);
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
    for (const int c : d->image.layer()->channelsShown(state.channel())) {
        if (const auto v = value(*d->cursorSide, d->cursor, c)) values << formatValue(*v);
    }
    if (values.isEmpty()) return where;
    return QStringLiteral("%1   %2: %3")
        .arg(where, d->image.layer()->name(), values.join(QStringLiteral(" | ")));
}

}  // namespace posteria::ui::viewer
