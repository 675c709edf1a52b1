#include "ui/viewer/linked_canvas.h"

#include <QApplication>

#include "ui/viewer/linked_panes.h"
#include "ui/viewer/ortho_view.h"
#include "ui/viewer/volume_view.h"

namespace posteria::ui::viewer {

LinkedCanvas::LinkedCanvas(QWidget* parent)
    : Canvas(parent),
      m_stack(new QStackedLayout(this)),
      m_panes(new LinkedPanes(preferredRenderer(), this)) {
    setObjectName(QStringLiteral("canvas"));
    m_stack->setContentsMargins(0, 0, 0, 0);
    m_stack->addWidget(m_panes);
    setFocusProxy(m_panes);
    connect(m_panes, &LinkedPanes::cursorMoved, this, &Canvas::cursorMoved);
    connect(m_panes, &LinkedPanes::visiblePixelsChanged, this, &Canvas::visiblePixelsChanged);
    connect(m_panes, &LinkedPanes::activeViewChanged, this, &Canvas::activeViewChanged);
    connect(m_panes, &LinkedPanes::strokeDrawn, this, &Canvas::strokeDrawn);
    connect(m_panes, &LinkedPanes::clicked, this, &Canvas::clicked);
    connect(m_panes, &LinkedPanes::settled, this, &Canvas::settled);
    connect(m_panes, &LinkedPanes::failed, this, &Canvas::failed);
    connect(m_panes, &LinkedPanes::readProgress, this, &Canvas::readProgress);
}

void LinkedCanvas::setViewState(ViewState* state) {
    m_state = state;
    showLayout();
}

void LinkedCanvas::setLayoutMode(CanvasLayout layout) {
    m_layout = layout;
    showLayout();
}

void LinkedCanvas::showLayout() {
    // The others have axes of their own.
    if (m_state && m_layout != CanvasLayout::Grid) m_state->setAxisOrder(image::kStraight);
    const bool active = isActiveWindow(), fresh = m_layout == CanvasLayout::Volume && !m_volume;
    const bool focused = isAncestorOf(QApplication::focusWidget());
    if (m_layout == CanvasLayout::Ortho && !m_ortho) {
        m_ortho = new OrthoView(this);
        m_stack->addWidget(m_ortho);
        m_ortho->setScaleBarVisible(m_scaleBar);
        m_ortho->setAxesVisible(m_axes);
        m_ortho->setLabelsVisible(m_labels);
        m_ortho->setInputPreset(m_preset);
        connect(m_ortho, &OrthoView::cursorMoved, this, &Canvas::cursorMoved);
        connect(m_ortho, &OrthoView::settled, this, &Canvas::settled);
        connect(m_ortho, &OrthoView::failed, this, &Canvas::failed);
    }
    if (m_layout == CanvasLayout::Volume && !m_volume) {
        m_volume = new VolumeView(this);
        m_stack->addWidget(m_volume);
        m_volume->setScaleBarVisible(m_scaleBar);
        m_volume->setLabelsVisible(m_labels);
        m_volume->setInputPreset(m_preset);
        connect(m_volume, &VolumeView::settled, this, &Canvas::settled);
        connect(m_volume, &VolumeView::failed, this, &Canvas::failed);
    }
    const auto stateFor = [this](CanvasLayout layout) {
        return m_layout == layout ? m_state.data() : nullptr;
    };
    const auto layerFor = [this](CanvasLayout layout) {
        return m_layout == layout ? m_layer.data() : nullptr;
    };
    const auto overFor = [this](CanvasLayout layout) {
        return m_layout == layout ? m_over : std::vector<QPointer<Layer>>();
    };
    m_panes->setViewState(stateFor(CanvasLayout::Grid));
    if (m_ortho) {
        m_ortho->setLayer(layerFor(CanvasLayout::Ortho), overFor(CanvasLayout::Ortho));
        m_ortho->setViewState(stateFor(CanvasLayout::Ortho));
    }
    if (m_volume) {
        m_volume->setLayer(layerFor(CanvasLayout::Volume), overFor(CanvasLayout::Volume));
        m_volume->setViewState(stateFor(CanvasLayout::Volume));
    }
    shareCache();
    QWidget* shown = m_panes;
    if (m_layout == CanvasLayout::Ortho) shown = m_ortho;
    if (m_layout == CanvasLayout::Volume) shown = m_volume;
    m_stack->setCurrentWidget(shown);
    setFocusProxy(shown);
    if (focused) shown->setFocus();
    // Qt makes the native window anew for the first OpenGL widget in it, and it comes up without
    // the keyboard.
    if (fresh && active) {
        QMetaObject::invokeMethod(
            this,
            [this] {
                window()->activateWindow();
                setFocus();
            },
            Qt::QueuedConnection);
    }
    if (m_layout != CanvasLayout::Grid) Q_EMIT activeViewChanged(m_state);
    Q_EMIT cursorMoved();
}

void LinkedCanvas::setShownLayer(Layer* layer, const std::vector<Layer*>& over) {
    m_layer = layer;
    m_over.assign(over.begin(), over.end());
    if (m_layout == CanvasLayout::Ortho) m_ortho->setLayer(layer, m_over);
    if (m_layout == CanvasLayout::Volume) m_volume->setLayer(layer, m_over);
}

void LinkedCanvas::setEditedLayer(Layer* layer) {
    m_panes->setEditedLayer(layer);
}

void LinkedCanvas::resetView() {
    if (m_layout == CanvasLayout::Ortho)
        m_ortho->resetView();
    else if (m_layout == CanvasLayout::Volume)
        m_volume->resetView();
    else
        for (ViewState* view : m_panes->views().all())
            view->fit();
}

void LinkedCanvas::setLinks(PaneViews::Links links) {
    m_panes->views().setLinks(links);
}

int LinkedCanvas::axisTowardsViewer() const {
    return m_volume ? m_volume->axisTowardsViewer() : Canvas::axisTowardsViewer();
}

void LinkedCanvas::zoom(double factor) {
    if (m_layout == CanvasLayout::Volume)
        m_volume->zoom(factor);
    else if (m_layout == CanvasLayout::Ortho)
        m_ortho->zoom(factor);
    else
        m_panes->zoom(factor);
}

void LinkedCanvas::setInputPreset(InputPreset preset) {
    m_preset = preset;
    m_panes->setInputPreset(preset);
    if (m_ortho) m_ortho->setInputPreset(preset);
    if (m_volume) m_volume->setInputPreset(preset);
}

void LinkedCanvas::setCacheBytes(std::uint64_t bytes) {
    m_cacheBytes = bytes;
    shareCache();
}

// The limit is one for all: what is not on the screen keeps nothing but its last slice.
void LinkedCanvas::shareCache() {
    if (!m_cacheBytes) return;
    m_panes->setCacheBytes(m_layout == CanvasLayout::Grid ? *m_cacheBytes : 0);
    if (m_ortho) m_ortho->setCacheBytes(m_layout == CanvasLayout::Ortho ? *m_cacheBytes : 0);
}

void LinkedCanvas::setPanes(const std::vector<PaneSpec>& panes) {
    m_panes->setPanes(panes);
}

void LinkedCanvas::setScaleBarVisible(bool visible) {
    m_scaleBar = visible;
    m_panes->setScaleBarVisible(visible);
    if (m_ortho) m_ortho->setScaleBarVisible(visible);
    if (m_volume) m_volume->setScaleBarVisible(visible);
}

void LinkedCanvas::setAxesVisible(bool visible) {
    m_axes = visible;
    m_panes->setAxesVisible(visible);
    if (m_ortho) m_ortho->setAxesVisible(visible);
}

void LinkedCanvas::setLabelsVisible(bool visible) {
    m_labels = visible;
    m_panes->setLabelsVisible(visible);
    if (m_ortho) m_ortho->setLabelsVisible(visible);
    if (m_volume) m_volume->setLabelsVisible(visible);
}

void LinkedCanvas::setLensShape(const LensShape& shape) {
    m_panes->setLensShape(shape);
}

void LinkedCanvas::setContours(const std::vector<ContourLines>& contours) {
    m_panes->setContours(contours);
}

void LinkedCanvas::turn(double degrees) {
    if (m_layout == CanvasLayout::Volume) m_volume->turn(degrees);
}

QString LinkedCanvas::valueText() const {
    if (m_layout == CanvasLayout::Volume) return {};
    return m_layout == CanvasLayout::Ortho ? m_ortho->valueText() : m_panes->valueText();
}

QImage LinkedCanvas::grabFrame() {
    if (m_layout == CanvasLayout::Volume) return m_volume->grabFrame();
    return m_layout == CanvasLayout::Ortho ? m_ortho->grabFrame() : m_panes->grabFrame();
}

void LinkedCanvas::setMagnification(double magnification) {
    m_panes->setMagnification(magnification);
}

void LinkedCanvas::paintFigure(QPainter& painter, bool labels) {
    if (m_layout == CanvasLayout::Grid)
        m_panes->paintFigure(painter, labels);
    else
        painter.drawImage(rect(), grabFrame());
}

QString LinkedCanvas::rendererName() const {
    return m_layout == CanvasLayout::Volume ? m_volume->rendererName()
                                            : m_panes->surface()->rendererName();
}

void LinkedCanvas::cancelReading() {
    m_panes->cancelReading();
}

bool LinkedCanvas::isSettled() const {
    if (m_layout == CanvasLayout::Volume) return m_volume->isSettled();
    return m_layout == CanvasLayout::Ortho ? m_ortho->isSettled() : m_panes->isSettled();
}

}  // namespace posteria::ui::viewer
