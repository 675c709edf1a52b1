#include "ui/viewer/pane_mouse.h"

#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QWheelEvent>
#include <algorithm>
#include <utility>

#include "ui/viewer/linked_panes.h"

namespace posteria::ui::viewer {

namespace {

constexpr double kStill = 3;  // logical pixels that a click may move
constexpr int kLeastBox = 5;  // logical pixels, as napari has it

}  // namespace

PaneMouse::PaneMouse(LinkedPanes* panes)
    : QObject(panes), m_panes(panes), m_box(QRubberBand::Rectangle, panes) {
    m_box.setObjectName(QStringLiteral("zoomBox"));
    panes->installEventFilter(this);
}

bool PaneMouse::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_panes || !m_panes->viewAt(0)) return false;
    switch (event->type()) {
        case QEvent::MouseButtonPress:
            press(*static_cast<QMouseEvent*>(event));
            break;
        case QEvent::MouseMove:
            move(*static_cast<QMouseEvent*>(event));
            break;
        case QEvent::MouseButtonRelease:
            if (static_cast<QMouseEvent*>(event)->button() == Qt::LeftButton) {
                release(*static_cast<QMouseEvent*>(event));
            }
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
            const int pane = m_panes->paneAt(gesture->position());
            m_panes->viewAt(pane)->zoomAt(m_panes->toPosition(gesture->position()),
                                          1 + gesture->value());
            break;
        }
        default:
            return false;
    }
    event->accept();
    return true;
}

void PaneMouse::pointAt(const QPointF& widgetPosition, Qt::KeyboardModifiers modifiers) {
    const int before = std::exchange(m_pane, m_panes->paneAt(widgetPosition));
    if (m_pane < 0) {
        m_panes->viewAt(before)->setCursor(std::nullopt);
        return;
    }
    const QPointF position = m_panes->toPosition(widgetPosition);
    m_panes->viewAt(m_pane)->setCursor(position);
    if (modifiers & Qt::ShiftModifier) m_panes->viewAt(m_pane)->setCrosshair(position);
}

void PaneMouse::press(const QMouseEvent& event) {
    m_dragged = m_panes->paneAt(event.position());
    if (m_dragged >= 0) m_panes->setActivePane(m_dragged);
    if (event.button() == Qt::LeftButton && m_dragged >= 0) {
        if (dragsContrast(m_preset, event.modifiers()))
            m_contrast.begin(m_panes->imageAt(event.position()),
                             m_panes->viewAt(m_dragged)->channel(), event.position());
        else if (event.modifiers() & Qt::AltModifier)
            m_boxFrom = event.position();
        else
            m_dragFrom = m_pressedAt = event.position();
    }
    pointAt(event.position(), event.modifiers());
}

void PaneMouse::release(const QMouseEvent& event) {
    m_dragFrom.reset();
    m_contrast.end();
    if (m_boxFrom) zoomToBox();
    const auto pressed = std::exchange(m_pressedAt, std::nullopt);
    if (pressed && (event.position() - *pressed).manhattanLength() <= kStill)
        Q_EMIT m_panes->clicked(m_panes->toPosition(event.position()));
}

void PaneMouse::move(const QMouseEvent& event) {
    if (m_contrast.isActive()) {
        m_contrast.moveTo(event.position());
    } else if (m_boxFrom) {
        drawBox(event.position());
    } else if (m_dragFrom && !(event.modifiers() & Qt::ShiftModifier)) {
        m_panes->viewAt(m_dragged)->pan(event.position() - *m_dragFrom);
        m_dragFrom = event.position();
    }
    pointAt(event.position(), event.modifiers());
}

void PaneMouse::doubleClick(const QMouseEvent& event) {
    const int pane = m_panes->paneAt(event.position());
    if (event.button() != Qt::LeftButton || pane < 0) return;
    m_panes->viewAt(pane)->zoomAt(m_panes->toPosition(event.position()),
                                  event.modifiers() & Qt::AltModifier ? 0.5 : 2.0);
}

void PaneMouse::drawBox(const QPointF& to) {
    m_box.setGeometry(QRectF(*m_boxFrom, to).normalized().toRect() &
                      m_panes->paneRect(m_dragged).toRect());
    m_box.show();
}

void PaneMouse::zoomToBox() {
    m_boxFrom.reset();
    if (!m_box.isVisible()) return;
    m_box.hide();
    const QRectF box = m_box.geometry();
    if (box.width() < kLeastBox || box.height() < kLeastBox) return;
    ViewState* view = m_panes->viewAt(m_dragged);
    const QSizeF pane = view->viewport();
    view->setView(
        m_panes->toPosition(box.center()),
        view->scale() * std::max(box.width() / pane.width(), box.height() / pane.height()));
}

bool PaneMouse::wheel(const QWheelEvent& event) {
    // With Alt it steps layers, which is the window's business.
    const int pane = m_panes->paneAt(event.position());
    if (pane < 0 || event.modifiers() & Qt::AltModifier) return false;
    ViewState* state = m_panes->viewAt(pane);
    m_panes->setActivePane(pane);
    if (wheelSteps(m_preset, event.modifiers())) {
        if (const int steps = m_wheel.steps(m_preset, event)) state->stepLastAxis(steps);
        return true;
    }
    if (event.angleDelta().y() == 0) return true;
    state->zoomAt(m_panes->toPosition(event.position()), WheelTurn::zoom(event));
    pointAt(event.position(), {});
    return true;
}

void PaneMouse::leave() {
    m_panes->viewAt(std::exchange(m_pane, -1))->setCursor(std::nullopt);
}

}  // namespace posteria::ui::viewer
