#include "ui/viewer/pane_mouse.h"

#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QWheelEvent>
#include <cmath>

#include "ui/viewer/linked_panes.h"

namespace posteria::ui::viewer {

namespace {

constexpr int kWheelNotch = 120;

}  // namespace

PaneMouse::PaneMouse(LinkedPanes* panes) : QObject(panes), m_panes(panes) {
    panes->installEventFilter(this);
}

bool PaneMouse::eventFilter(QObject* watched, QEvent* event) {
    ViewState* state = m_panes->viewState();
    if (watched != m_panes || !state) return false;
    switch (event->type()) {
        case QEvent::MouseButtonPress:
            press(*static_cast<QMouseEvent*>(event));
            break;
        case QEvent::MouseMove:
            move(*static_cast<QMouseEvent*>(event));
            break;
        case QEvent::MouseButtonRelease:
            if (static_cast<QMouseEvent*>(event)->button() == Qt::LeftButton) m_dragFrom.reset();
            break;
        case QEvent::MouseButtonDblClick:
            doubleClick(*static_cast<QMouseEvent*>(event));
            break;
        case QEvent::Wheel:
            if (!wheel(*static_cast<QWheelEvent*>(event))) {
                event->ignore();
                return true;
            }
            break;
        case QEvent::Leave:
            leave();
            return false;
        case QEvent::NativeGesture: {
            const auto* gesture = static_cast<QNativeGestureEvent*>(event);
            if (gesture->gestureType() != Qt::ZoomNativeGesture) return false;
            state->zoomAt(m_panes->toPosition(gesture->position()), 1 + gesture->value());
            break;
        }
        default:
            return false;
    }
    event->accept();
    return true;
}

void PaneMouse::pointAt(const QPointF& widgetPosition, Qt::KeyboardModifiers modifiers) {
    ViewState* state = m_panes->viewState();
    m_pane = m_panes->paneAt(widgetPosition);
    if (m_pane < 0) {
        state->setCursor(std::nullopt);
        return;
    }
    const QPointF position = m_panes->toPosition(widgetPosition);
    state->setCursor(position);
    if (modifiers & Qt::ShiftModifier) state->setCrosshair(position);
}

void PaneMouse::press(const QMouseEvent& event) {
    if (event.button() == Qt::LeftButton && m_panes->paneAt(event.position()) >= 0)
        m_dragFrom = event.position();
    pointAt(event.position(), event.modifiers());
}

void PaneMouse::move(const QMouseEvent& event) {
    if (m_dragFrom && !(event.modifiers() & Qt::ShiftModifier)) {
        m_panes->viewState()->pan(event.position() - *m_dragFrom);
        m_dragFrom = event.position();
    }
    pointAt(event.position(), event.modifiers());
}

void PaneMouse::doubleClick(const QMouseEvent& event) {
    if (event.button() != Qt::LeftButton || m_panes->paneAt(event.position()) < 0) return;
    m_panes->viewState()->zoomAt(m_panes->toPosition(event.position()),
                                 event.modifiers() & Qt::AltModifier ? 0.5 : 2.0);
}

bool PaneMouse::wheel(const QWheelEvent& event) {
    // With Alt it steps layers, which is the window's business.
    if (m_panes->paneAt(event.position()) < 0 || event.modifiers() & Qt::AltModifier) return false;
    ViewState* state = m_panes->viewState();
    if (event.modifiers() & Qt::ControlModifier) {
        // At most one step an event; trackpads send many small ones.
        m_wheelRest += event.angleDelta().y();
        if (std::abs(m_wheelRest) >= kWheelNotch) {
            state->stepLastAxis(m_wheelRest > 0 ? 1 : -1);
            m_wheelRest = 0;
        }
        return true;
    }
    if (event.angleDelta().y() == 0) return true;
    state->zoomAt(m_panes->toPosition(event.position()),
                  std::pow(2.0, event.angleDelta().y() / (4.0 * kWheelNotch)));
    pointAt(event.position(), {});
    return true;
}

void PaneMouse::leave() {
    m_pane = -1;
    m_panes->viewState()->setCursor(std::nullopt);
}

}  // namespace posteria::ui::viewer
