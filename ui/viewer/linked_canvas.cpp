#include "ui/viewer/linked_canvas.h"

#include "ui/viewer/linked_panes.h"
#include "ui/viewer/ortho_view.h"

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
    connect(m_panes, &LinkedPanes::settled, this, &Canvas::settled);
    connect(m_panes, &LinkedPanes::failed, this, &Canvas::failed);
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
    if (m_layout == CanvasLayout::Ortho && !m_ortho) {
        m_ortho = new OrthoView(this);
        m_stack->addWidget(m_ortho);
        m_ortho->setScaleBarVisible(m_scaleBar);
        connect(m_ortho, &OrthoView::cursorMoved, this, &Canvas::cursorMoved);
        connect(m_ortho, &OrthoView::settled, this, &Canvas::settled);
        connect(m_ortho, &OrthoView::failed, this, &Canvas::failed);
    }
    const bool ortho = m_layout == CanvasLayout::Ortho, grid = m_layout == CanvasLayout::Grid;
    m_panes->setViewState(grid ? m_state.data() : nullptr);
    if (m_ortho) {
        m_ortho->setLayer(ortho ? m_layer.data() : nullptr);
        m_ortho->setViewState(ortho ? m_state.data() : nullptr);
    }
    QWidget* shown = ortho ? static_cast<QWidget*>(m_ortho) : m_panes;
    m_stack->setCurrentWidget(shown);
    setFocusProxy(shown);
    Q_EMIT cursorMoved();
}

void LinkedCanvas::setShownLayer(Layer* layer) {
    m_layer = layer;
    if (m_layout == CanvasLayout::Ortho) m_ortho->setLayer(layer);
}

void LinkedCanvas::resetView() {
    if (m_layout == CanvasLayout::Ortho)
        m_ortho->resetView();
    else if (m_state)
        m_state->fit();
}

void LinkedCanvas::setPanes(const std::vector<PaneSpec>& panes) {
    m_panes->setPanes(panes);
}

void LinkedCanvas::setScaleBarVisible(bool visible) {
    m_scaleBar = visible;
    m_panes->setScaleBarVisible(visible);
    if (m_ortho) m_ortho->setScaleBarVisible(visible);
}

QString LinkedCanvas::valueText() const {
    return m_layout == CanvasLayout::Ortho ? m_ortho->valueText() : m_panes->valueText();
}

QImage LinkedCanvas::grabFrame() {
    return m_layout == CanvasLayout::Ortho ? m_ortho->grabFrame() : m_panes->grabFrame();
}

QString LinkedCanvas::rendererName() const {
    return m_panes->surface()->rendererName();
}

bool LinkedCanvas::isSettled() const {
    return m_layout == CanvasLayout::Ortho ? m_ortho->isSettled() : m_panes->isSettled();
}

}  // namespace posteria::ui::viewer
