#include "ui/viewer/swipe_mouse.h"

#include <QMouseEvent>
#include <cmath>
#include <utility>

#include "ui/viewer/linked_panes.h"

namespace posteria::ui::viewer {

namespace {

constexpr double kReach = 6;  // logical pixels

}  // namespace

SwipeMouse::SwipeMouse(LinkedPanes* panes) : QObject(panes), m_panes(panes) {
    panes->installEventFilter(this);
}

bool SwipeMouse::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_panes) return false;
    const auto type = event->type();
    if (type != QEvent::MouseButtonPress && type != QEvent::MouseMove &&
        type != QEvent::MouseButtonRelease)
        return false;
    const auto& mouse = *static_cast<QMouseEvent*>(event);
    const int pane = m_panes->paneAt(mouse.position());
    const auto divider = m_panes->dividerAt(pane);
    const bool near = divider && std::abs(mouse.position().x() - *divider) <= kReach;
    if (type == QEvent::MouseButtonPress && mouse.button() == Qt::LeftButton && near) {
        m_dragging = true;
        return true;
    }
    if (type == QEvent::MouseButtonRelease && std::exchange(m_dragging, false)) return true;
    if (m_dragging && pane >= 0) {
        const QRectF rect = m_panes->paneRect(pane);
        m_panes->setSwipe((mouse.position().x() - rect.left()) / rect.width());
    }
    if (std::exchange(m_hovered, near || m_dragging) != m_hovered) {
        if (m_hovered)
            m_panes->setCursor(Qt::SplitHCursor);
        else
            m_panes->unsetCursor();
    }
    return m_dragging;
}

}  // namespace posteria::ui::viewer
