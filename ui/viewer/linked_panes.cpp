#include "ui/viewer/linked_panes.h"

#include <QOpenGLWidget>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/model/marks.h"
#include "ui/viewer/brush_mouse.h"
#include "ui/viewer/line_mouse.h"
#include "ui/viewer/mark_mouse.h"
#include "ui/viewer/overlay.h"
#include "ui/viewer/pane_contents.h"
#include "ui/viewer/pane_mouse.h"
#include "ui/viewer/raster_surface.h"
#include "ui/viewer/readout.h"
#include "ui/viewer/swipe_mouse.h"
#include "ui/viewer/vtk_surface.h"

namespace posteria::ui::viewer {

namespace {

constexpr double kScaleBarPixels = 130;  // at most, logical

}  // namespace

std::vector<QRect> paneLayout(int n, const QSize& window, int gap) {
    n = std::clamp(n, 1, 6);
    const int columns = n == 1 ? 1 : n <= 4 ? 2 : 3;
    const int rows = n <= 2 ? 1 : 2;
    const int width = std::max((window.width() - gap * (columns - 1)) / columns, 1);
    const int height = std::max((window.height() - gap * (rows - 1)) / rows, 1);
    std::vector<QRect> panes;
    for (int i = 0; i < n; ++i) {
        panes.emplace_back(i % columns * (width + gap), i / columns * (height + gap), width,
                           height);
    }
    return panes;
}

struct LinkedPanes::Private : PaneContents {
    PaneSurface* surface = nullptr;  // its widget is a child
    std::vector<QPointer<Layer>> connected;
    image::Rect visiblePixels;
    std::shared_ptr<const std::vector<ContourLines>> contours;  // null: none
    bool scaleBar = true, axes = false, labels = true, dirty = true, refreshing = false,
         scheduled = false, wasSettled = true;
    bool outdated = true;  // the slices: what is painted before the next refresh shows old ones
    PaneMouse* mouse = nullptr;
    MarkMouse* marks = nullptr;
    BrushMouse* brush = nullptr;
    QPointer<Layer> edited;
    double magnification = 1;
    int active = 0;

    void dirtyLenses() {
        for (auto& pane : panes)
            pane.dirty = pane.dirty || pane.lens;
    }
    bool anyDirty() const {
        return dirty ||
               std::any_of(panes.begin(), panes.end(), [](const auto& p) { return p.dirty; });
    }
};

LinkedPanes::LinkedPanes(Renderer renderer, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>()) {
    setObjectName(QStringLiteral("linkedPanes"));
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    d->mouse = new PaneMouse(this);
    new SwipeMouse(this);
    new LineMouse(this);
    d->marks = new MarkMouse(this);
    d->brush = new BrushMouse(this);
    connect(&d->views, &PaneViews::viewsChanged, this, &LinkedPanes::followViews);
    connect(&d->slices, &ShownSlices::arrived, this, &LinkedPanes::scheduleRefresh);
    connect(&d->slices, &ShownSlices::failed, this, &LinkedPanes::failed);
    connect(&d->slices, &ShownSlices::progress, this, &LinkedPanes::readProgress);
    useSurface(renderer);
}

LinkedPanes::~LinkedPanes() {
    // Deleting what is under the pointer sends a last event, which must move nothing.
    setViewState(nullptr);
    delete d->surface->widget();
}

PaneSurface* LinkedPanes::surface() const {
    return d->surface;
}

void LinkedPanes::useSurface(Renderer renderer) {
    if (d->surface) delete d->surface->widget();
    if (renderer == Renderer::OpenGL) {
        d->surface = new VtkSurface(this, this);
    } else {
        d->surface = new RasterSurface(this, this);
    }
    QWidget* widget = d->surface->widget();
    widget->setObjectName(QStringLiteral("paneSurface"));
    widget->setAttribute(Qt::WA_TransparentForMouseEvents);
    widget->setGeometry(rect());
    if (isVisible()) widget->show();
    scheduleRefresh();
}

void LinkedPanes::resizeEvent(QResizeEvent*) {
    d->surface->widget()->setGeometry(rect());
    scheduleRefresh();
}

void LinkedPanes::showEvent(QShowEvent*) {
    scheduleRefresh();
    // Without a context the images can still be shown.
    QMetaObject::invokeMethod(
        this,
        [this] {
            const auto* gl = qobject_cast<QOpenGLWidget*>(d->surface->widget());
            if (gl && isVisible() && !gl->isValid()) useSurface(Renderer::Raster);
        },
        Qt::QueuedConnection);
}

void LinkedPanes::setViewState(ViewState* state) {
    if (d->views.first() == state) return;
    for (ViewState* view : d->views.all())
        disconnect(view, nullptr, this, nullptr);
    d->views.setFirst(state);
}

void LinkedPanes::followViews() {
    for (ViewState* view : d->views.all()) {
        disconnect(view, nullptr, this, nullptr);
        connect(view, &ViewState::imageChanged, this, &LinkedPanes::scheduleRefresh);
        connect(view, &ViewState::axisOrderChanged, this, &LinkedPanes::scheduleRefresh);
        connect(view, &ViewState::slabChanged, this, &LinkedPanes::scheduleRefresh);
        connect(view, &ViewState::tChanged, this, &LinkedPanes::scheduleRefresh);
        connect(view, &ViewState::zChanged, this, &LinkedPanes::scheduleRefresh);
        connect(view, &ViewState::channelChanged, this, &LinkedPanes::scheduleRefresh);
        connect(view, &ViewState::viewChanged, this, &LinkedPanes::scheduleRefresh);
        connect(view, &ViewState::crosshairChanged, this, &LinkedPanes::repaintOverlay);
        connect(view, &ViewState::lineChanged, this, &LinkedPanes::repaintOverlay);
        connect(view, &ViewState::cursorChanged, this, [this] {
            d->dirtyLenses();
            repaintOverlay();
            Q_EMIT cursorMoved();
        });
    }
    if (d->views.first()) Q_EMIT activeViewChanged(viewAt(d->active));
    scheduleRefresh();
}

PaneViews& LinkedPanes::views() {
    return d->views;
}

ViewState* LinkedPanes::viewAt(int pane) const {
    return d->views.view(pane);
}

int LinkedPanes::activePane() const {
    return d->active;
}

void LinkedPanes::setActivePane(int pane) {
    pane = std::clamp(pane, 0, std::max(d->count() - 1, 0));
    if (pane == d->active) return;
    d->active = pane;
    repaintOverlay();
    // None while another layout has the view.
    if (d->views.first()) Q_EMIT activeViewChanged(viewAt(pane));
}

void LinkedPanes::setPanes(const std::vector<PaneSpec>& panes) {
    for (const auto& layer : d->connected) {
        if (layer) disconnect(layer, nullptr, this, nullptr);
    }
    d->connected.clear();
    d->panes.clear();
    for (const auto& spec : panes) {
        PaneContents::Pane pane;
        pane.title = spec.title;
        pane.layers.assign(spec.layers.begin(), spec.layers.end());
        pane.deviation = spec.deviation;
        pane.swipe = spec.swipe;
        pane.doubt = spec.doubt;
        pane.lens = spec.lens;
        pane.colorBar = spec.colorBar;
        d->panes.push_back(std::move(pane));
    }
    for (const auto& spec : panes) {
        for (Layer* layer : spec.layers)
            follow(layer);
        for (Layer* further : {spec.deviation, spec.swipe, spec.doubt, spec.lens})
            if (further) follow(further);
    }
    // None is a passing state while layers change, in which the panes' views are to stay.
    if (!panes.empty()) {
        setActivePane(d->active);
        d->views.setCount(static_cast<int>(panes.size()));
    }
    scheduleRefresh();
}

void LinkedPanes::follow(Layer* layer) {
    if (std::find(d->connected.begin(), d->connected.end(), layer) != d->connected.end()) return;
    d->connected.emplace_back(layer);
    connect(layer, &Layer::placementChanged, this, &LinkedPanes::scheduleRefresh);
    // Another sample, ten times a second: panes without it stay as they are.
    connect(layer, &Layer::stackChanged, this, [this, layer] { renew(layer); });
    connect(layer, &QObject::destroyed, this, &LinkedPanes::scheduleRefresh);
    if (auto* marks = qobject_cast<MarkLayer*>(layer)) {
        connect(marks, &MarkLayer::marksChanged, this, &LinkedPanes::repaintOverlay);
        connect(marks, &MarkLayer::selectedMarkChanged, this, &LinkedPanes::repaintOverlay);
    }
    if (auto* labels = qobject_cast<LabelsLayer*>(layer))
        connect(labels, &LabelsLayer::toolChanged, this, &LinkedPanes::repaintOverlay);
    // Other panes need not be composed again while the user drags a limit.
    connect(layer, &Layer::displayChanged, this, [this, layer] { renew(layer); });
}

void LinkedPanes::renew(Layer* layer) {
    for (auto& pane : d->panes) {
        pane.outdated =
            pane.outdated || pane.swipe == layer || pane.doubt == layer || pane.lens == layer ||
            std::find(pane.layers.begin(), pane.layers.end(), layer) != pane.layers.end();
        pane.dirty = pane.dirty || pane.outdated;
    }
    queueRefresh();
}

void LinkedPanes::setEditedLayer(Layer* layer) {
    d->edited = layer;
    repaintOverlay();
}

Layer* LinkedPanes::editedLayer() const {
    return d->edited;
}

std::optional<double> LinkedPanes::labelAt(const LabelsLayer& labels, int pane,
                                           const QPointF& at) const {
    return d->slices.value(labels, *viewAt(pane), 0, at);
}

std::vector<PaintedMark> LinkedPanes::marksIn(int pane) const {
    std::vector<PaintedMark> painted;
    const ViewState& state = *viewAt(pane);
    if (!state.isStraight()) return painted;  // they were drawn on XY planes
    const auto onScreen = [&](const QPointF& point) { return fromPosition(point, pane); };
    for (const auto& layer : d->pane(pane)->layers) {
        const auto* marks = qobject_cast<const MarkLayer*>(layer.data());
        if (!marks || !marks->isVisible()) continue;
        const auto drawn = marksAt(*marks, state.t(), state.z(), layer == d->edited, onScreen);
        painted.insert(painted.end(), drawn.begin(), drawn.end());
        if (auto open = d->marks->open(); open && layer == d->edited) {
            std::transform(open->points.begin(), open->points.end(), open->points.begin(),
                           onScreen);
            painted.push_back({*open, marks->style(), 1, int(marks->marks().size()) + 1, true});
        }
    }
    return painted;
}

void LinkedPanes::setInputPreset(InputPreset preset) {
    d->mouse->setPreset(preset);
}

void LinkedPanes::setCacheBytes(std::uint64_t bytes) {
    d->slices.setCacheBytes(bytes);
}

Layer* LinkedPanes::imageAt(const QPointF& widgetPosition) const {
    const int pane = paneAt(widgetPosition);
    return pane < 0 || !d->views.first() ? nullptr
                                         : d->imageAt(pane, toPosition(widgetPosition, pane));
}

void LinkedPanes::zoom(double factor) {
    if (!d->views.first()) return;
    // The mouse may have left since; then the cursor is none as well.
    const int pane = d->mouse->pane() >= 0 ? d->mouse->pane() : d->active;
    setActivePane(pane);
    ViewState& view = *viewAt(pane);
    const bool pointed = d->mouse->pane() >= 0 && view.cursor();
    view.zoomAt(pointed ? *view.cursor() : view.center(), factor);
}

void LinkedPanes::setAxesVisible(bool visible) {
    d->axes = visible;
    repaintOverlay();
}

void LinkedPanes::setScaleBarVisible(bool visible) {
    d->scaleBar = visible;
    repaintOverlay();
}

void LinkedPanes::setLensShape(const LensShape& shape) {
    d->lensShape = shape;
    d->dirtyLenses();
    repaintOverlay();
}

void LinkedPanes::setContours(const std::vector<ContourLines>& contours) {
    d->contours =
        contours.empty() ? nullptr : std::make_shared<const std::vector<ContourLines>>(contours);
    repaintOverlay();
}

void LinkedPanes::setLabelsVisible(bool visible) {
    d->labels = visible;
    repaintOverlay();
}

void LinkedPanes::repaintOverlay() {
    d->surface->widget()->update();
}

void LinkedPanes::scheduleRefresh() {
    d->dirty = d->outdated = true;
    queueRefresh();
}

void LinkedPanes::queueRefresh() {
    if (d->refreshing || d->scheduled)
        return;  // refreshing: limits and sizes that it has set itself
    d->scheduled = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (d->scheduled) refresh();
        },
        Qt::QueuedConnection);
}

void LinkedPanes::refresh() {
    d->scheduled = false;
    ViewState* first = d->views.first();
    if (!first) return;
    d->refreshing = true;
    const auto requests = d->requests();
    int channels = static_cast<int>(first->shape().c);
    for (const auto& request : requests)
        channels = std::max(channels, request.layer->channelCount());
    first->setChannelCount(channels);
    if (!d->panes.empty()) {
        for (ViewState* view : d->views.all())
            view->setViewport(paneRect(0).size());
    }
    d->slices.update(requests, devicePixelRatioF() * d->magnification);
    d->refreshing = false;
    d->dirty = std::exchange(d->outdated, false) || d->dirty;
    for (auto& pane : d->panes)
        pane.dirty = std::exchange(pane.outdated, false) || pane.dirty;
    repaintOverlay();
    if (viewAt(d->mouse->pane())->cursor()) Q_EMIT cursorMoved();
    if (const image::Rect seen = first->visiblePixels(); !(seen == d->visiblePixels)) {
        d->visiblePixels = seen;
        Q_EMIT visiblePixelsChanged(seen);
    }
    d->wasSettled = false;
}

void LinkedPanes::cancelReading() {
    d->slices.cancel();
}

bool LinkedPanes::isSettled() const {
    return !d->scheduled && d->wasSettled;
}

bool LinkedPanes::updatePixels() {
    if (!d->anyDirty()) return false;
    const double ratio = devicePixelRatioF();
    const QSize window = (QSizeF(size()) * ratio).toSize();
    const auto layout = deviceLayout();
    d->surface->setLayout(layout, window);
    if (layout.empty() || !d->views.first()) return true;
    const QSize pane = layout.front().size();
    for (int i = 0; i < d->count(); ++i) {
        auto& dirty = d->panes[static_cast<std::size_t>(i)].dirty;
        if (!d->dirty && !dirty) continue;
        composePane(d->picture(i, pane, viewAt(i)->scale() / ratio), pane,
                    d->surface->wantsBlueFirst(), d->surface->pixels(i));
        d->surface->pixelsChanged(i);
        dirty = false;
    }
    d->dirty = false;
    return true;
}

std::vector<PaneOverlay> LinkedPanes::overlays(bool pointer) const {
    std::vector<PaneOverlay> overlays;
    for (int i = 0; i < d->count() && d->views.first(); ++i) {
        const auto& pane = *d->pane(i);
        const ViewState& state = *viewAt(i);
        const Layer* top = pane.top();
        PaneOverlay overlay;
        overlay.rect = paneRect(i);
        overlay.title = pane.title;
        overlay.active = pointer && i == d->active && d->views.all().size() > 1;
        if (pointer && state.cursor() && i != d->mouse->pane()) {
            overlay.cursor = fromPosition(*state.cursor(), i);
        }
        if (pointer) overlay.values = d->readouts(i);
        overlay.marks = marksIn(i);
        if (top && d->slices.isCancelled(*top, state))
            overlay.message =
                tr("Reading this plane was cancelled. It is read again once another "
                   "one has been shown.");
        if (pointer) overlay.stroke = d->brush->painted(i);
        if (pane.swipe) {
            overlay.divider = dividerAt(i);
            overlay.rightTitle = pane.swipe->name();
        }
        if (state.isCrosshairVisible()) overlay.crosshair = fromPosition(state.crosshair(), i);
        if (const auto& line = state.line())
            overlay.line = QLineF(fromPosition(line->p1(), i), fromPosition(line->p2(), i));
        if (d->axes && top)
            overlay.axes =
                PlaneAxes{axisLetter(state.axisOrder()[2]), axisLetter(state.axisOrder()[1])};
        if (d->scaleBar && i == 0 && top) {
            overlay.scaleBar = chooseScaleBar(state.scale(), state.isCalibrated(),
                                              std::min(kScaleBarPixels, overlay.rect.width() / 3));
        }
        if (pane.colorBar && top) {
            const auto shown = top->channelsShown(state.channel());
            if (!shown.empty()) {
                const auto& display = top->channels()[static_cast<std::size_t>(shown.front())];
                overlay.colorBar = ColorBar{colormap(display.colormap), display.limits,
                                            display.gamma, top->unitText()};
            }
        }
        if (const auto channel = d->suppressedChannel(i)) {
            const auto& value = top->channels()[static_cast<std::size_t>(*channel)].limits;
            const auto& doubt = pane.doubt->channels()[static_cast<std::size_t>(*channel)].limits;
            overlay.legend = SuppressedLegend{
                value, doubt, tr("%1, %2").arg(top->channelName(*channel), top->unitText()),
                tr("standard deviation")};
        }
        if (pane.lens && pane.lens->stack() && state.cursor()) {
            overlay.lens = PaintedLens{fromPosition(*state.cursor(), i), d->lensShape.radius,
                                       d->lensShape.round, pane.lens->name()};
        }
        if (d->contours && state.isStraight()) {
            const double scale = 1 / state.scale();
            const QPointF origin = fromPosition({0, 0}, i);
            overlay.contours = PaintedContours{
                d->contours, QTransform(scale, 0, 0, scale, origin.x(), origin.y())};
        }
        if (!d->labels) removeLabels(overlay);
        overlays.push_back(std::move(overlay));
    }
    return overlays;
}

void LinkedPanes::paintOver(QPainter& painter) {
    paintOverlay(painter, overlays(true));

    if (!d->wasSettled && !d->scheduled && d->slices.isComplete()) {
        d->wasSettled = true;
        QMetaObject::invokeMethod(this, &LinkedPanes::settled, Qt::QueuedConnection);
    }
}

double LinkedPanes::swipe() const {
    return d->divider;
}

void LinkedPanes::setSwipe(double fraction) {
    d->divider = std::clamp(fraction, 0.0, 1.0);
    for (auto& pane : d->panes)
        pane.dirty = pane.dirty || pane.swipe;
    queueRefresh();
}

std::optional<double> LinkedPanes::dividerAt(int pane) const {
    const auto* shown = d->pane(pane);
    if (!shown || !shown->swipe) return std::nullopt;
    const QRectF rect = paneRect(pane);
    return rect.left() + d->divider * rect.width();
}

void LinkedPanes::setMagnification(double magnification) {
    d->magnification = magnification;
    scheduleRefresh();
}

void LinkedPanes::paintFigure(QPainter& painter, bool labels) {
    painter.fillRect(rect(), Qt::black);
    if (!d->views.first()) return;
    for (int i = 0; i < d->count(); ++i) {
        const QRectF place = paneRect(i);
        const QSize pixels =
            (place.size() * (devicePixelRatioF() * d->magnification)).toSize().expandedTo({1, 1});
        const double devicePixel = viewAt(i)->scale() * place.width() / pixels.width();
        QImage image;
        if (d->magnification == 1 && !d->dirty && !d->pane(i)->dirty) {
            // Frames of movies follow one another: what the screen shows is not composed again.
            image = QImage(
                d->surface->pixels(i), pixels.width(), pixels.height(),
                d->surface->wantsBlueFirst() ? QImage::Format_RGB32 : QImage::Format_RGBX8888);
        } else {
            image = QImage(pixels, QImage::Format_RGB32);
            composePane(d->picture(i, pixels, devicePixel), pixels, true, image.bits());
        }
        painter.drawImage(place, image);
    }
    auto words = overlays(false);
    for (auto& overlay : words) {
        if (labels) continue;
        overlay.title.clear();
        overlay.rightTitle.clear();
        overlay.colorBar.reset();
        overlay.legend.reset();
    }
    paintOverlay(painter, words);
}

QImage LinkedPanes::grabFrame() {
    if (d->scheduled) refresh();
    return d->surface->grabFrame();
}

std::vector<QRect> LinkedPanes::deviceLayout() const {
    if (d->panes.empty()) return {};
    const double ratio = devicePixelRatioF();
    const int gap = std::max(1, static_cast<int>(std::lround(ratio)));
    return paneLayout(d->count(), (QSizeF(size()) * ratio).toSize(), gap);
}

QRectF LinkedPanes::paneRect(int pane) const {
    const auto layout = deviceLayout();
    if (pane < 0 || pane >= static_cast<int>(layout.size())) return {};
    const QRect& r = layout[static_cast<std::size_t>(pane)];
    const double ratio = devicePixelRatioF();
    return {QPointF(r.topLeft()) / ratio, QSizeF(r.size()) / ratio};
}

int LinkedPanes::paneAt(const QPointF& widgetPosition) const {
    for (int i = 0; i < d->count(); ++i) {
        if (paneRect(i).contains(widgetPosition)) return i;
    }
    return -1;
}

QPointF LinkedPanes::toPosition(const QPointF& widgetPosition) const {
    return toPosition(widgetPosition, std::max(paneAt(widgetPosition), 0));
}

QPointF LinkedPanes::toPosition(const QPointF& widgetPosition, int pane) const {
    const ViewState& state = *viewAt(pane);
    return state.center() + (widgetPosition - paneRect(pane).center()) * state.scale();
}

QPointF LinkedPanes::fromPosition(const QPointF& position, int pane) const {
    const ViewState& state = *viewAt(pane);
    return paneRect(pane).center() + (position - state.center()) / state.scale();
}

std::optional<double> LinkedPanes::value(int pane, const QPointF& position, int channel) const {
    return d->value(pane, position, channel);
}

QString LinkedPanes::paneValueText(int pane) const {
    QStringList parts;
    for (const auto& readout : d->readouts(pane))
        parts.append(readout.text);
    return parts.join(QStringLiteral(" | "));
}

QString LinkedPanes::valueText() const {
    const ViewState* pointed = viewAt(d->mouse->pane());
    if (!pointed || !pointed->cursor()) return {};
    const ViewState& state = *pointed;
    QString where = formatPosition(*state.cursor(), state.pixelSize().x(), state.unit());
    if (state.shape().z > 1) {
        const QChar axis = axisLetter(state.axisOrder()[0]);
        where += state.isCalibrated()
                     ? QStringLiteral(", %1 %2 µm").arg(axis).arg(state.zPosition(), 0, 'f', 2)
                     : QStringLiteral(", %1 %2").arg(axis).arg(state.z());
    }
    QStringList parts{where};
    for (int i = 0; i < d->count(); ++i) {
        const QString text = paneValueText(i);
        if (!text.isEmpty()) parts.append(d->pane(i)->title + ": " + text);
    }
    return parts.join(QStringLiteral("   "));
}

}  // namespace posteria::ui::viewer
