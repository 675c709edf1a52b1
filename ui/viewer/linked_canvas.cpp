#include "ui/viewer/linked_canvas.h"

#include <QVBoxLayout>

#include "ui/viewer/linked_panes.h"

namespace posteria::ui::viewer {

LinkedCanvas::LinkedCanvas(QWidget* parent)
    : Canvas(parent), m_panes(new LinkedPanes(preferredRenderer(), this)) {
    setObjectName(QStringLiteral("canvas"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_panes);
    setFocusProxy(m_panes);
    connect(m_panes, &LinkedPanes::cursorMoved, this, &Canvas::cursorMoved);
    connect(m_panes, &LinkedPanes::visiblePixelsChanged, this, &Canvas::visiblePixelsChanged);
    connect(m_panes, &LinkedPanes::settled, this, &Canvas::settled);
    connect(m_panes, &LinkedPanes::failed, this, &Canvas::failed);
}

void LinkedCanvas::setViewState(ViewState* state) {
    m_panes->setViewState(state);
}
void LinkedCanvas::setPanes(const std::vector<PaneSpec>& panes) {
    m_panes->setPanes(panes);
}
void LinkedCanvas::setScaleBarVisible(bool visible) {
    m_panes->setScaleBarVisible(visible);
}
QString LinkedCanvas::valueText() const {
    return m_panes->valueText();
}
QImage LinkedCanvas::grabFrame() {
    return m_panes->grabFrame();
}
QString LinkedCanvas::rendererName() const {
    return m_panes->surface()->rendererName();
}
bool LinkedCanvas::isSettled() const {
    return m_panes->isSettled();
}

}  // namespace posteria::ui::viewer
