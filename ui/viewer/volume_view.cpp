#include "ui/viewer/volume_view.h"

#include <vtkGenericOpenGLRenderWindow.h>

#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QTimer>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <optional>

#include "ui/model/viewed_layer.h"
#include "ui/model/volume_reader.h"
#include "ui/viewer/contrast_drag.h"
#include "ui/viewer/graphics.h"
#include "ui/viewer/overlay.h"
#include "ui/viewer/volume_overlay.h"
#include "ui/viewer/volume_scene.h"
#include "ui/viewer/vtk_widget.h"
#include "ui/viewer/wheel_turn.h"

namespace posteria::ui::viewer {

namespace {

constexpr int kFineAfterMs = 250;
constexpr double kSwiftMs = 40, kPatientMs = 700;  // a picture while moving, and at rest
constexpr double kDegreesPerPixel = 0.5;
constexpr std::size_t kMaxChannels = 4;  // that VTK casts rays through at once
constexpr double kScaleBarPixels = 130;
constexpr double kFineStep = 0.7, kCoarseStep = 1.5;  // voxels
const QColor kBox(150, 160, 175, 110);

std::uint64_t defaultBudget() {
    return preferredRenderer() == Renderer::OpenGL ? 1ull << 30 : 128ull << 20;
}

QString nameOf(Rendering rendering) {
    switch (rendering) {
        case Rendering::Mip:
            return VolumeView::tr("maximum");
        case Rendering::Minip:
            return VolumeView::tr("minimum");
        case Rendering::AttenuatedMip:
            return VolumeView::tr("attenuated maximum");
        case Rendering::Average:
            return VolumeView::tr("average");
        case Rendering::Translucent:
            return VolumeView::tr("translucent");
        case Rendering::Iso:
            break;
    }
    return VolumeView::tr("surface");
}

}  // namespace

struct VolumeView::Private {
    Surface* surface = nullptr;
    VolumeReader reader;
    VolumeOverlay overlay;
    std::int64_t firstSlice = 0;  // of the document's, that the layer has
    QTimer rest;
    QPointer<ViewState> state;
    QPointer<Layer> layer;
    VolumeRequest wanted;
    std::optional<Volume> volume;  // what is shown
    QString failure, progress;
    std::uint64_t budget = defaultBudget();
    bool scheduled = false, dirty = true, coarse = false, wasSettled = true, scaleBar = true;
    bool labels = true;
    bool refreshing = false;
    int coarsePixels = 2;
    double finePictureMs = 0;  // guessed from the coarse ones
    QPointF last;
    bool dragging = false;
    InputPreset preset = InputPreset::Napari;
    WheelTurn wheel;
    ContrastDrag contrast;

    bool isShown() const { return state && layer && layer->stack(); }
    bool isRead() const { return volume && volume->request == wanted; }
    Point3 voxel() const {
        const QPointF pixel = pixelSize(*layer->stack(), *state);
        return {pixel.x(), pixel.y(), state->zStep()};
    }
    // The axis that the plane shown lies across, and where, 0 … 1; none: all of the volume.
    std::optional<std::pair<int, double>> plane() const;
    // Of a position of the document.
    Point3 world(const Point3& position) const {
        const Point3 size = voxel();
        const auto& at = layer->placement();
        // The first voxel of a coarse volume lies in the middle of those that it stands for.
        const auto along = [](double where, double first, double voxels, double one) {
            return where - (first + (voxels - 1) / 2) * one;
        };
        return {along(position[0], double(at.x), volume->voxelX, size[0]),
                along(position[1], double(at.y), volume->voxelY, size[1]),
                along(position[2], double(firstSlice), volume->voxelZ, size[2])};
    }
    std::vector<int> channels() const {
        auto shown = layer->channelsShown(state->channel());
        // A surface is one channel's.
        const bool one = layer->volumeDisplay().rendering == Rendering::Iso;
        shown.resize(std::min(shown.size(), one ? std::size_t(1) : kMaxChannels));
        return shown;
    }
};

// The drawing side: what VTK shows, and words over it.
class VolumeView::Surface : public VtkWidget {
  public:
    explicit Surface(VolumeView* view) : VtkWidget(view), scene(renderWindow()), m_view(view) {}
    ~Surface() override { close(); }

    VolumeScene scene;

  protected:
    bool prepare() override {
        auto& d = *m_view->d;
        scene.setSize((QSizeF(size()) * devicePixelRatioF()).toSize());
        if (!d.dirty) return false;
        d.dirty = false;
        m_pixels = d.coarsePixels;
        if (!d.coarse) {
            m_pixels = 1;
            while (m_pixels < 4 && d.finePictureMs / (m_pixels * m_pixels) > kPatientMs)
                m_pixels *= 2;
        }
        scene.setDetail(m_pixels, d.coarse ? kCoarseStep : kFineStep);
        return true;
    }
    bool wantsTime() const override { return scene.hasVolume(); }
    void rendered(double ms) override {
        auto& d = *m_view->d;
        d.finePictureMs = ms * m_pixels * m_pixels * (d.coarse ? kCoarseStep / kFineStep : 1);
        if (!d.coarse && m_pixels > 1 && d.finePictureMs <= kPatientMs) {
            d.dirty = true;  // the guess was too high, by a shader that was compiled, say
            QMetaObject::invokeMethod(this, qOverload<>(&QWidget::update), Qt::QueuedConnection);
        }
        if (!d.coarse) return;
        if (ms > kSwiftMs && d.coarsePixels < 8) ++d.coarsePixels;
        if (ms < kSwiftMs / 3 && d.coarsePixels > 1) --d.coarsePixels;
    }
    void paintOver(QPainter& painter) override;

  private:
    void paintBox(QPainter& painter);
    VolumeView* m_view;
    int m_pixels = 1;  // of the picture being drawn
};

std::optional<std::pair<int, double>> VolumeView::Private::plane() const {
    if (!isShown() || !volume || layer->volumeDisplay().depiction == Depiction::Volume) return {};
    const int axis = static_cast<int>(layer->volumeDisplay().depiction) - 1;
    const QPointF at = state->crosshair();
    const Point3 place = world({at.x(), at.y(), state->zPosition()});
    const auto i = static_cast<std::size_t>(axis);
    const double extent = std::max(surface->scene.extent()[i], 1e-9);
    return std::pair{axis, std::clamp(place[i] / extent, 0.0, 1.0)};
}

void VolumeView::Surface::paintBox(QPainter& painter) {
    const auto at = [&](int corner) {
        return m_view->place(corner & 1, corner >> 1 & 1, corner >> 2);
    };
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(kBox, 1));
    for (int corner = 0; corner < 8; ++corner) {
        for (int axis = 0; axis < 3; ++axis) {
            if (!(corner >> axis & 1)) painter.drawLine(at(corner), at(corner | 1 << axis));
        }
    }
    if (const auto plane = m_view->d->plane()) {
        // Its frame, where a slice of the volume is all there is.
        const auto corner = [&](int one, int other) {
            double at[3] = {double(one), double(one), double(other)};
            if (plane->first == 0) at[1] = one;
            if (plane->first == 2) at[1] = other;
            at[plane->first] = plane->second;
            return m_view->place(at[0], at[1], at[2]);
        };
        painter.setPen(QPen(kBox.lighter(), 1.5));
        painter.drawPolygon(QPolygonF({corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)}));
    }
    painter.setPen(kBox.lighter());
    const QPointF middle = m_view->place(0.5, 0.5, 0.5);
    for (int axis = 0; axis < 3; ++axis) {
        const QPointF end = at(1 << axis);
        if (QLineF(at(0), end).length() < 12) continue;  // seen end on
        QLineF beyond(middle, (at(0) + end) / 2);
        beyond.setLength(beyond.length() + 12);
        painter.drawText(QRectF(beyond.p2() - QPointF(10, 10), QSizeF(20, 20)), Qt::AlignCenter,
                         QString(QLatin1Char("xyz"[axis])));
    }
}

void VolumeView::Surface::paintOver(QPainter& painter) {
    auto& d = *m_view->d;
    PaneOverlay overlay;
    overlay.rect = rect();
    overlay.message = m_view->message();
    if (d.isShown()) {
        overlay.title = QStringLiteral("3-D · %1 · %2")
                            .arg(d.layer->name(), nameOf(d.layer->volumeDisplay().rendering));
        if (scene.hasVolume()) {
            const auto project = [this](double x, double y, double z) {
                return m_view->fromPosition(x, y, z);
            };
            d.overlay.paintLabels(painter, project);
            overlay.marks = d.overlay.marks(project);
            if (d.labels) paintBox(painter);
            if (d.scaleBar)
                overlay.scaleBar = chooseScaleBar(scene.unitsPerPixel() * devicePixelRatioF(),
                                                  d.state->isCalibrated(),
                                                  std::min(kScaleBarPixels, width() / 3.0));
            for (const auto& note : m_view->notes())
                overlay.values.push_back({note, QColor(227, 182, 23)});
        }
    }
    if (!d.labels) removeLabels(overlay);
    paintOverlay(painter, {overlay});
    if (!d.wasSettled && !d.scheduled && !d.coarse && !d.dirty && d.overlay.isComplete() &&
        (d.isRead() || !d.wanted.stack || !d.failure.isEmpty())) {
        d.wasSettled = true;
        QMetaObject::invokeMethod(m_view, &VolumeView::settled, Qt::QueuedConnection);
    }
}

VolumeView::VolumeView(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>()) {
    setObjectName(QStringLiteral("volumeView"));
    setFocusPolicy(Qt::StrongFocus);
    d->surface = new Surface(this);
    d->surface->setObjectName(QStringLiteral("volumeSurface"));
    d->surface->setAttribute(Qt::WA_TransparentForMouseEvents);
    d->rest.setSingleShot(true);
    d->rest.setInterval(kFineAfterMs);
    connect(&d->rest, &QTimer::timeout, this, [this] {
        d->coarse = false;
        d->dirty = true;
        d->surface->update();
    });
    connect(&d->overlay, &VolumeOverlay::changed, d->surface, qOverload<>(&QWidget::update));
    connect(&d->overlay, &VolumeOverlay::failed, this, &VolumeView::failed);
    connect(&d->reader, &VolumeReader::progress, this, [this](int done, int planes) {
        d->progress = tr("Reading plane %1 of %2…").arg(done).arg(planes);
        d->surface->update();
    });
    connect(&d->reader, &VolumeReader::volumeRead, this, [this](const Volume& volume) {
        d->volume = volume;
        if (d->isShown()) d->surface->scene.setVolume(volume, d->voxel());
        d->progress.clear();
        schedule();
    });
    connect(&d->reader, &VolumeReader::failed, this, [this](const QString& message) {
        d->failure = message;
        d->surface->scene.clear();
        schedule();
        Q_EMIT failed(message);
    });
}

VolumeView::~VolumeView() {
    delete d->surface;
}

void VolumeView::setViewState(ViewState* state) {
    if (d->state == state) return;
    if (d->state) disconnect(d->state, nullptr, this, nullptr);
    d->state = state;
    if (state) {
        connect(state, &ViewState::imageChanged, this, &VolumeView::schedule);
        connect(state, &ViewState::tChanged, this, &VolumeView::schedule);
        connect(state, &ViewState::channelChanged, this, &VolumeView::schedule);
        const auto placed = [this] {
            const bool plane = d->layer && d->layer->volumeDisplay().depiction != Depiction::Volume;
            if (plane) {
                updateClip();
                moved();
            }
            if (d->overlay.layers().empty()) return;
            // The volume stays as it is.
            d->overlay.update(d->state, devicePixelRatioF());
            d->wasSettled = false;
            d->surface->update();
        };
        connect(state, &ViewState::zChanged, this, placed);
        connect(state, &ViewState::crosshairChanged, this, placed);
    }
    schedule();
}

void VolumeView::setLayer(Layer* layer, const std::vector<QPointer<Layer>>& over) {
    if (d->overlay.layers() != over) {
        d->overlay.setLayers(over);
        schedule();
    }
    if (d->layer == layer) return;
    if (d->layer) disconnect(d->layer, nullptr, this, nullptr);
    d->layer = layer;
    if (layer) {
        for (const auto signal :
             {&Layer::stackChanged, &Layer::placementChanged, &Layer::displayChanged})
            connect(layer, signal, this, &VolumeView::schedule);
    }
    schedule();
}

void VolumeView::setScaleBarVisible(bool visible) {
    d->scaleBar = visible;
    d->surface->update();
}

void VolumeView::setLabelsVisible(bool visible) {
    d->labels = visible;
    d->surface->update();
}

void VolumeView::turn(double degrees) {
    d->surface->scene.turn(degrees);
    schedule();
}

int VolumeView::axisTowardsViewer() const {
    return d->surface->scene.axisTowardsViewer();
}

void VolumeView::setBudgetBytes(std::uint64_t bytes) {
    d->budget = bytes;
    schedule();
}

void VolumeView::resetView() {
    d->surface->scene.resetCamera();
    moved();
}

void VolumeView::resizeEvent(QResizeEvent*) {
    d->surface->setGeometry(rect());
    schedule();
}

void VolumeView::schedule() {
    d->dirty = true;
    d->wasSettled = false;
    if (d->scheduled || d->refreshing) return;
    d->scheduled = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (d->scheduled) refresh();
        },
        Qt::QueuedConnection);
}

void VolumeView::refresh() {
    d->scheduled = false;
    VolumeRequest request;
    if (d->isShown()) {
        const Layer& layer = *d->layer;
        request.channels = d->channels();
        for (std::int64_t z = 0; layer.stack()->shape().z > 1 && z < d->state->shape().z; ++z) {
            const auto plane = layer.planeAt(d->state->t(), z, 0);
            if (plane) request.t = plane->t;
            // Slices that the layer does not have are left out at both ends.
            if (plane && request.z.empty()) d->firstSlice = z;
            if (plane || !request.z.empty()) request.z.push_back(plane ? plane->z : -1);
        }
        while (!request.z.empty() && request.z.back() < 0)
            request.z.pop_back();
        request.budgetBytes = d->budget;
        if (request.z.size() > 1 && !request.channels.empty()) request.stack = layer.stack();
    }
    if (!(request == d->wanted)) d->failure.clear();
    d->wanted = request;
    if (!request.stack) {
        d->reader.cancel();
        d->volume.reset();
        d->surface->scene.clear();
    } else if (!d->isRead()) {
        d->reader.request(request);
        if (d->volume && d->volume->request.stack != request.stack &&
            d->volume->request.z.size() != request.z.size()) {
            d->volume.reset();
            d->surface->scene.clear();
        }
    }
    if (d->isShown() && d->volume && d->volume->request.channels == d->channels()) {
        std::vector<ChannelDisplay> displays;
        d->refreshing = true;
        const auto& channels = d->volume->request.channels;
        for (std::size_t i = 0; i < channels.size(); ++i) {
            const int c = channels[i];
            // Nobody has looked at a plane of it yet.
            if (d->layer->needsLimits(c)) d->layer->takeLimits(c, d->volume->middlePlane(i));
            displays.push_back(d->layer->channels()[static_cast<std::size_t>(c)]);
        }
        d->refreshing = false;
        d->surface->scene.setDisplay(displays, d->layer->volumeDisplay());
        updateClip();
    }
    d->overlay.update(d->isShown() ? d->state.data() : nullptr, devicePixelRatioF());
    d->dirty = true;  // a picture may have been painted since this was scheduled
    d->surface->update();
}

void VolumeView::moved() {
    d->coarse = true;
    d->dirty = true;
    d->wasSettled = false;
    d->rest.start();
    d->surface->update();
}

bool VolumeView::isSettled() const {
    return !d->scheduled && d->wasSettled;
}

bool VolumeView::isCoarse() const {
    return d->coarse;
}

QString VolumeView::rendererName() const {
    return d->surface->rendererName();
}

QString VolumeView::message() const {
    if (!d->failure.isEmpty()) return d->failure;
    if (!d->isShown()) return {};
    if (isVisible() && d->wasSettled && !d->surface->isValid())
        return tr("This display offers no OpenGL, which the volume needs.");
    if (!d->wanted.stack) {
        return d->wanted.channels.empty() && !d->scheduled
                   ? tr("No channel of this layer is visible.")
                   : tr("This layer has a single slice: a volume needs several.");
    }
    if (d->isRead()) return {};
    return d->progress.isEmpty() ? tr("Reading the volume…") : d->progress;
}

QStringList VolumeView::notes() const {
    QStringList notes;
    if (!d->isShown() || !d->volume) return notes;
    const Volume& volume = *d->volume;
    if (volume.isCoarse()) {
        const auto& shape = volume.request.stack->shape();
        const auto bytes = quint64(shape.x * shape.y) * volume.request.z.size() *
                           volume.request.channels.size() * 2;
        notes << tr("coarse: %1 × %2 × %3 of %4 × %5 × %6 voxels, as all of them take %7")
                     .arg(volume.width)
                     .arg(volume.height)
                     .arg(volume.depth)
                     .arg(shape.x)
                     .arg(shape.y)
                     .arg(volume.request.z.size())
                     .arg(QLocale::c().formattedDataSize(qint64(bytes), 1));
    }
    const auto shown = d->layer->channelsShown(d->state->channel()).size();
    if (shown > volume.request.channels.size()) {
        notes << (d->layer->volumeDisplay().rendering == Rendering::Iso
                      ? tr("surface of %1 only")
                            .arg(d->layer->channelName(volume.request.channels.front()))
                      : tr("the first %1 of %2 channels").arg(kMaxChannels).arg(shown));
    }
    return notes;
}

QPointF VolumeView::place(double x, double y, double z) const {
    const Point3 extent = d->surface->scene.extent();
    return d->surface->scene.project({x * extent[0], y * extent[1], z * extent[2]}) /
           devicePixelRatioF();
}

QPointF VolumeView::fromPosition(double x, double y, double z) const {
    if (!d->isShown() || !d->volume) return {};
    return d->surface->scene.project(d->world({x, y, z})) / devicePixelRatioF();
}

void VolumeView::updateClip() {
    if (!d->isShown() || !d->volume) return;
    auto& scene = d->surface->scene;
    const auto& display = d->layer->volumeDisplay();
    const Point3 extent = scene.extent(), spacing = scene.spacing();
    Point3 from, to;
    for (std::size_t i = 0; i < 3; ++i) {
        from[i] = display.clip[i].low * extent[i];
        to[i] = display.clip[i].high * extent[i];
    }
    if (const auto plane = d->plane()) {
        const auto i = static_cast<std::size_t>(plane->first);
        const double middle = plane->second * extent[i], half = spacing[i] / 2;  // a voxel thick
        from[i] = std::max(middle - half, 0.0);
        to[i] = std::min(middle + half, extent[i]);
    }
    scene.setClip(from, to);
}

QImage VolumeView::grabFrame() {
    if (d->scheduled) refresh();
    return d->surface->grabOpaque();
}

void VolumeView::mousePressEvent(QMouseEvent* event) {
    d->last = event->position();
    if (event->button() != Qt::LeftButton) return;
    if (d->isShown() && dragsContrast(d->preset, event->modifiers()))
        d->contrast.begin(d->layer, d->state->channel(), event->position());
    else
        d->dragging = true;
}

void VolumeView::mouseMoveEvent(QMouseEvent* event) {
    if (d->contrast.isActive()) d->contrast.moveTo(event->position());
    if (!d->dragging || !d->surface->scene.hasVolume()) return;
    const QPointF step = event->position() - d->last;
    d->last = event->position();
    if (event->modifiers() & Qt::ShiftModifier)
        d->surface->scene.pan(step * devicePixelRatioF());
    else
        d->surface->scene.rotate(step.x() * kDegreesPerPixel, step.y() * kDegreesPerPixel);
    moved();
}

void VolumeView::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    d->dragging = false;
    d->contrast.end();
}

void VolumeView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) zoom(event->modifiers() & Qt::AltModifier ? 0.5 : 2);
}

void VolumeView::zoom(double factor) {
    d->surface->scene.zoom(factor);
    moved();
}

void VolumeView::setInputPreset(InputPreset preset) {
    d->preset = preset;
}

void VolumeView::wheelEvent(QWheelEvent* event) {
    if (event->modifiers() & Qt::AltModifier || event->angleDelta().y() == 0) {
        event->ignore();
        return;
    }
    event->accept();
    if (!wheelSteps(d->preset, event->modifiers())) {
        zoom(WheelTurn::zoom(*event));
    } else if (const int steps = d->wheel.steps(d->preset, *event); steps != 0 && d->state) {
        d->state->stepLastAxis(steps);
    }
}

}  // namespace posteria::ui::viewer
