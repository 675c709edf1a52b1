#include "ui/viewer/line_mouse.h"

#include <QLineF>
#include <QMouseEvent>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/viewer/linked_panes.h"

namespace posteria::ui::viewer {

namespace {

constexpr double kReach = 8;  // logical pixels from an end that a drag takes hold of
constexpr double kPi = 3.14159265358979323846;

}  // namespace

QPointF evenly(const QPointF& from, const QPointF& to) {
    const QPointF way = to - from;
    const double angle = std::round(std::atan2(way.y(), way.x()) / (kPi / 4)) * (kPi / 4);
    const QPointF along(std::cos(angle), std::sin(angle));
    return from + along * QPointF::dotProduct(way, along);
}

LineMouse::LineMouse(LinkedPanes* panes) : QObject(panes), m_panes(panes) {
    panes->installEventFilter(this);
}

bool LineMouse::eventFilter(QObject* watched, QEvent* event) {
    ViewState* state = m_panes->viewAt(0);
    if (watched != m_panes || !state) return false;
    const bool chosen = state->tool() == ViewState::Tool::Line;
    if (std::exchange(m_usesCross, chosen) != chosen) {
        if (chosen)
            m_panes->setCursor(Qt::CrossCursor);
        else
            m_panes->unsetCursor();
    }
    if (!chosen) {
        m_fixed.reset();
        return false;
    }
    switch (event->type()) {
        case QEvent::MouseButtonPress:
            return press(*static_cast<QMouseEvent*>(event));
        case QEvent::MouseMove:
            drag(*static_cast<QMouseEvent*>(event));
            return m_fixed.has_value();
        case QEvent::MouseButtonRelease:
            m_fixed.reset();
            return false;
        case QEvent::MouseButtonDblClick:
            return true;  // two short drags are no wish to zoom
        default:
            return false;
    }
}

bool LineMouse::press(const QMouseEvent& event) {
    const int pane = m_panes->paneAt(event.position());
    if (event.button() != Qt::LeftButton || pane < 0) return false;
    m_fixed = m_panes->toPosition(event.position());
    if (const auto& line = m_panes->viewAt(0)->line()) {
        const auto distance = [&](const QPointF& end) {
            return QLineF(m_panes->fromPosition(end, pane), event.position()).length();
        };
        const double first = distance(line->p1()), second = distance(line->p2());
        if (std::min(first, second) <= kReach) m_fixed = first < second ? line->p2() : line->p1();
    }
    return true;
}

void LineMouse::drag(const QMouseEvent& event) {
    if (!m_fixed || !(event.buttons() & Qt::LeftButton)) return;
    QPointF end = m_panes->toPosition(event.position());
    if (event.modifiers() & Qt::ShiftModifier) end = evenly(*m_fixed, end);
    m_panes->viewAt(0)->setLine({*m_fixed, end});
    m_panes->viewAt(0)->setCursor(end);
}

}  // namespace posteria::ui::viewer
