#include "ui/viewer/mark_mouse.h"

#include <QKeyEvent>
#include <QLineF>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/viewer/line_mouse.h"
#include "ui/viewer/linked_panes.h"

namespace posteria::ui::viewer {

namespace {

constexpr double kReach = 8;     // logical pixels from a line or a corner
constexpr double kSmallest = 3;  // a shape that is meant, likewise

using Tool = ViewState::Tool;

bool drawsMarks(Tool tool) {
    return tool >= Tool::Select && tool <= Tool::Point;
}

Mark::Kind kindOf(Tool tool) {
    switch (tool) {
        case Tool::Rectangle:
            return Mark::Kind::Rectangle;
        case Tool::Ellipse:
            return Mark::Kind::Ellipse;
        case Tool::Segment:
            return Mark::Kind::Line;
        case Tool::Polygon:
            return Mark::Kind::Polygon;
        default:
            return Mark::Kind::Point;
    }
}

// The end of a drag with Shift held.
QPointF even(Mark::Kind kind, const QPointF& from, const QPointF& to) {
    const QPointF way = to - from;
    if (kind == Mark::Kind::Line) return evenly(from, to);
    const double side = std::max(std::abs(way.x()), std::abs(way.y()));
    return from + QPointF(std::copysign(side, way.x()), std::copysign(side, way.y()));
}

}  // namespace

MarkMouse::MarkMouse(LinkedPanes* panes) : QObject(panes), m_panes(panes) {
    panes->installEventFilter(this);
}

double MarkMouse::pixels(const QPointF& a, const QPointF& b) const {
    return QLineF(m_panes->fromPosition(a, m_pane), m_panes->fromPosition(b, m_pane)).length();
}

bool MarkMouse::eventFilter(QObject* watched, QEvent* event) {
    const ViewState* state = m_panes->viewAt(0);
    if (watched != m_panes || !state) return false;
    auto* layer = qobject_cast<MarkLayer*>(m_panes->editedLayer());
    if (layer != m_layer || state->tool() != m_tool) drop();
    m_layer = layer;
    m_tool = state->tool();
    if (!layer || !state->isStraight()) return false;
    if (event->type() == QEvent::KeyPress) return key(static_cast<QKeyEvent*>(event)->key());
    if (!drawsMarks(m_tool)) return false;
    switch (event->type()) {
        case QEvent::MouseButtonPress:
            return press(*static_cast<QMouseEvent*>(event));
        case QEvent::MouseMove:
            drag(*static_cast<QMouseEvent*>(event));
            return m_last.has_value();
        case QEvent::MouseButtonRelease:
            return release();
        case QEvent::MouseButtonDblClick:
            if (m_tool == Tool::Polygon) close();
            return m_tool != Tool::Select;
        default:
            return false;
    }
}

bool MarkMouse::press(const QMouseEvent& event) {
    const int pane = m_panes->paneAt(event.position());
    if (event.button() != Qt::LeftButton || pane < 0) return false;
    m_pane = pane;
    m_panes->setActivePane(pane);
    const QPointF at = m_panes->toPosition(event.position(), pane);
    const ViewState& view = *m_panes->viewAt(pane);
    if (m_tool == Tool::Select) return pressWithSelect(at);
    if (m_tool == Tool::Polygon && m_open) {
        if (m_open->points.size() > 3 && pixels(at, m_open->points.front()) <= kReach) {
            close();
        } else {
            m_open->points.back() = at;
            m_open->points.push_back(at);
        }
    } else {
        // The last point follows the mouse.
        m_open = Mark{kindOf(m_tool), {at}, view.t(), view.z()};
        if (m_tool == Tool::Point)
            close();
        else
            m_open->points.push_back(at);
    }
    m_panes->repaintOverlay();
    return true;
}

bool MarkMouse::pressWithSelect(const QPointF& at) {
    const auto& marks = m_layer->marks();
    const ViewState& view = *m_panes->viewAt(m_pane);
    const int chosen = m_layer->selectedMark();
    if (chosen >= 0) {
        const auto& corners = marks[std::size_t(chosen)].points;
        for (std::size_t i = 0; i < corners.size(); ++i) {
            if (pixels(at, corners[i]) > kReach) continue;
            m_corner = int(i);
            m_last = at;
            return true;
        }
    }
    // The topmost one whose line is near, else the topmost that the point lies in.
    int hit = -1;
    for (const bool inside : {false, true}) {
        for (int i = int(marks.size()) - 1; i >= 0 && hit < 0; --i) {
            const Mark& mark = marks[std::size_t(i)];
            if (!m_layer->isShownAt(mark, view.t(), view.z())) continue;
            const double reach = kReach * view.scale();
            if (inside ? contains(mark, at) : distanceTo(mark, at) <= reach) hit = i;
        }
    }
    m_layer->selectMark(hit);
    m_corner = -1;
    if (hit >= 0) m_last = at;
    m_panes->repaintOverlay();
    return hit >= 0;
}

void MarkMouse::drag(const QMouseEvent& event) {
    QPointF at = m_panes->toPosition(event.position(), m_pane);
    if (m_open && m_open->points.size() > 1) {
        if (event.modifiers() & Qt::ShiftModifier)
            at = even(m_open->kind, m_open->points[m_open->points.size() - 2], at);
        m_open->points.back() = at;
        m_panes->repaintOverlay();
    }
    if (!m_last || !(event.buttons() & Qt::LeftButton)) return;
    auto marks = m_layer->marks();
    const int chosen = m_layer->selectedMark();
    if (chosen < 0) return;
    auto& mark = marks[std::size_t(chosen)];
    if (m_corner >= 0)
        mark.points[std::size_t(m_corner)] = at;
    else
        for (auto& point : mark.points)
            point += at - *m_last;
    m_last = at;
    m_layer->setMarks(std::move(marks));
}

bool MarkMouse::release() {
    if (std::exchange(m_last, std::nullopt)) return true;
    if (!m_open || m_tool == Tool::Polygon) return m_open.has_value();
    if (pixels(m_open->points.front(), m_open->points.back()) >= kSmallest)
        close();
    else
        drop();
    return true;
}

void MarkMouse::close() {
    if (!m_open || !m_layer) return;
    Mark mark = *std::exchange(m_open, std::nullopt);
    if (mark.kind == Mark::Kind::Polygon) {
        auto& corners = mark.points;
        corners.pop_back();  // the one that followed the mouse
        for (std::size_t i = corners.size(); i-- > 1;)
            if (pixels(corners[i], corners[i - 1]) < kSmallest)
                corners.erase(corners.begin() + std::ptrdiff_t(i));
        if (corners.size() < 3) return m_panes->repaintOverlay();
    }
    auto marks = m_layer->marks();
    marks.push_back(std::move(mark));
    const int last = int(marks.size()) - 1;
    m_layer->setMarks(std::move(marks));
    m_layer->selectMark(last);
    m_panes->repaintOverlay();
}

void MarkMouse::drop() {
    m_last.reset();
    if (std::exchange(m_open, std::nullopt)) m_panes->repaintOverlay();
}

void MarkMouse::removeSelected() {
    const int chosen = m_layer->selectedMark();
    if (chosen < 0) return;
    auto marks = m_layer->marks();
    marks.erase(marks.begin() + chosen);
    m_layer->selectMark(-1);
    m_layer->setMarks(std::move(marks));
}

bool MarkMouse::key(int key) {
    switch (key) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (!m_open) return false;
            close();
            return true;
        case Qt::Key_Escape:
            if (!m_open) return false;
            drop();
            return true;
        case Qt::Key_Backspace:
            if (m_open && m_open->points.size() > 2) {
                m_open->points.erase(m_open->points.end() - 2);
                m_panes->repaintOverlay();
                return true;
            }
            [[fallthrough]];
        case Qt::Key_Delete:
            if (m_open || m_layer->selectedMark() < 0) return false;
            removeSelected();
            return true;
        default:
            return false;
    }
}

}  // namespace posteria::ui::viewer
