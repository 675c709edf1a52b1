#include "ui/viewer/brush_mouse.h"

#include <QKeyEvent>
#include <algorithm>
#include <utility>

#include "ui/model/colormaps.h"
#include "ui/model/viewed_layer.h"
#include "ui/viewer/linked_panes.h"

namespace posteria::ui::viewer {

namespace {

using Tool = ViewState::Tool;

bool isBrush(Tool tool) {
    return tool == Tool::Paint || tool == Tool::Erase;
}

}  // namespace

BrushMouse::BrushMouse(LinkedPanes* panes) : QObject(panes), m_panes(panes) {
    panes->installEventFilter(this);
}

LabelsLayer* BrushMouse::layer() const {
    auto* layer = qobject_cast<LabelsLayer*>(m_panes->editedLayer());
    const ViewState* state = m_panes->viewAt(0);
    return layer && layer->stack() && state && state->isStraight() && layer->isVisible() ? layer
                                                                                         : nullptr;
}

QPointF BrushMouse::toPixel(const QPointF& position) const {
    const QPointF pixel = pixelSize(*layer()->stack(), *m_panes->viewAt(m_pane));
    const auto& place = layer()->placement();
    return {position.x() / pixel.x() - double(place.x), position.y() / pixel.y() - double(place.y)};
}

bool BrushMouse::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_panes || !layer()) {
        m_path.clear();
        return false;
    }
    const Tool tool = m_panes->viewAt(0)->tool();
    if (tool < Tool::Paint) return false;
    switch (event->type()) {
        case QEvent::KeyPress: {
            const int key = static_cast<QKeyEvent*>(event)->key();
            if (key != Qt::Key_BracketLeft && key != Qt::Key_BracketRight) return false;
            const int step = std::max(layer()->brush() / 10, 1);
            layer()->setBrush(layer()->brush() + (key == Qt::Key_BracketLeft ? -step : step));
            m_panes->repaintOverlay();
            return true;
        }
        case QEvent::MouseButtonPress:
            return press(*static_cast<QMouseEvent*>(event));
        case QEvent::MouseMove:
            if (m_path.empty()) return false;
            m_path.push_back(
                m_panes->toPosition(static_cast<QMouseEvent*>(event)->position(), m_pane));
            m_panes->viewAt(m_pane)->setCursor(m_path.back());
            m_panes->repaintOverlay();
            return true;
        case QEvent::MouseButtonRelease:
            if (m_path.empty()) return false;
            finish();
            return true;
        case QEvent::MouseButtonDblClick:
            // The second of two dabs.
            return press(*static_cast<QMouseEvent*>(event));
        default:
            return false;
    }
}

bool BrushMouse::press(const QMouseEvent& event) {
    const int pane = m_panes->paneAt(event.position());
    if (event.button() != Qt::LeftButton || pane < 0) return false;
    m_pane = pane;
    m_panes->setActivePane(pane);
    const ViewState& view = *m_panes->viewAt(pane);
    const QPointF at = m_panes->toPosition(event.position(), pane);
    switch (view.tool()) {
        case Tool::Pick:
            if (const auto value = m_panes->labelAt(*layer(), pane, at); value && *value > 0)
                layer()->setLabel(int(*value));
            return true;
        case Tool::Fill:
            Q_EMIT m_panes->strokeDrawn(
                {layer(), {toPixel(at)}, 0, layer()->label(), true, view.t(), view.z()});
            return true;
        default:
            m_path = {at};
            m_panes->repaintOverlay();
            return true;
    }
}

void BrushMouse::finish() {
    const ViewState& view = *m_panes->viewAt(m_pane);
    const bool erases = view.tool() == Tool::Erase;
    Stroke stroke{layer(),  {},      layer()->brush() / 2.0, erases ? 0 : layer()->label(), false,
                  view.t(), view.z()};
    for (const auto& position : std::exchange(m_path, {}))
        stroke.path.push_back(toPixel(position));
    Q_EMIT m_panes->strokeDrawn(stroke);
    m_panes->repaintOverlay();
}

std::optional<PaintedStroke> BrushMouse::painted(int pane) const {
    const ViewState* view = m_panes->viewAt(pane);
    if (!layer() || !isBrush(view->tool())) return std::nullopt;
    PaintedStroke stroke;
    const QPointF pixel = pixelSize(*layer()->stack(), *view);
    stroke.diameter = std::max(layer()->brush() * pixel.x() / view->scale(), 1.0);
    const bool erases = view->tool() == Tool::Erase;
    stroke.color = erases ? QColor(Qt::white) : QColor(labelColor(std::uint64_t(layer()->label())));
    for (const auto& position : m_path)
        stroke.path.push_back(m_panes->fromPosition(position, pane));
    if (view->cursor()) stroke.cursor = m_panes->fromPosition(*view->cursor(), pane);
    return stroke;
}

}  // namespace posteria::ui::viewer
