#include "ui/viewer/ortho_mouse.h"

#include <QGuiApplication>
#include <QMouseEvent>
#include <QStyleHints>
#include <QWheelEvent>
#include <utility>

namespace posteria::ui::viewer {

OrthoMouse::OrthoMouse(OrthoView* view) : QObject(view), m_view(view) {
    view->installEventFilter(this);
}

bool OrthoMouse::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_view || !m_view->viewState()) return false;
    switch (event->type()) {
        case QEvent::MouseButtonPress:
            press(*static_cast<QMouseEvent*>(event));
            break;
        case QEvent::MouseMove:
            move(*static_cast<QMouseEvent*>(event));
            break;
        case QEvent::MouseButtonRelease:
            release(*static_cast<QMouseEvent*>(event));
            break;
        case QEvent::MouseButtonDblClick: {
            const auto& mouse = *static_cast<QMouseEvent*>(event);
            const auto side = m_view->sideAt(mouse.position());
            if (mouse.button() != Qt::LeftButton || !side) return false;
            m_view->zoomAt(*side, mouse.position(),
                           mouse.modifiers() & Qt::AltModifier ? 0.5 : 2.0);
            break;
        }
        case QEvent::Wheel:
            if (!wheel(*static_cast<QWheelEvent*>(event))) {
                event->ignore();
                return true;
            }
            break;
        case QEvent::Leave:
            m_view->setCursor(std::nullopt, {});
            return false;
        default:
            return false;
    }
    event->accept();
    return true;
}

void OrthoMouse::press(const QMouseEvent& event) {
    if (event.button() != Qt::LeftButton) return;
    const auto side = m_view->sideAt(event.position());
    if (side && dragsContrast(m_preset, event.modifiers())) {
        m_contrast.begin(m_view->layer(), m_view->viewState()->channel(), event.position());
        return;
    }
    m_dragged = side;
    m_pressed = m_last = event.position();
    m_panned = false;
}

void OrthoMouse::move(const QMouseEvent& event) {
    const auto side = m_view->sideAt(event.position());
    if (m_contrast.isActive()) {
        m_contrast.moveTo(event.position());
    } else if (m_dragged && !(event.modifiers() & Qt::ShiftModifier)) {
        const auto distance = (event.position() - m_pressed).manhattanLength();
        m_panned = m_panned || distance >= QGuiApplication::styleHints()->startDragDistance();
        if (m_panned) m_view->pan(*m_dragged, event.position() - m_last);
        if (m_panned) m_last = event.position();
    } else if (side && event.modifiers() & Qt::ShiftModifier) {
        m_view->setCrosshair(m_view->toPosition(*side, event.position()));
    }
    m_view->setCursor(side, event.position());
}

void OrthoMouse::release(const QMouseEvent& event) {
    if (event.button() != Qt::LeftButton) return;
    m_contrast.end();
    const auto side = std::exchange(m_dragged, std::nullopt);
    if (side && !m_panned) m_view->setCrosshair(m_view->toPosition(*side, m_pressed));
}

bool OrthoMouse::wheel(const QWheelEvent& event) {
    const auto side = m_view->sideAt(event.position());
    if (!side || event.modifiers() & Qt::AltModifier) return false;
    if (wheelSteps(m_preset, event.modifiers())) {
        if (const int steps = m_wheel.steps(m_preset, event)) m_view->step(*side, steps);
        return true;
    }
    if (event.angleDelta().y() == 0) return true;
    m_view->zoomAt(*side, event.position(), WheelTurn::zoom(event));
    m_view->setCursor(side, event.position());
    return true;
}

}  // namespace posteria::ui::viewer
