#include "ui/shell/preset_keys.h"

#include <cmath>

namespace posteria::ui::shell {

namespace {

const double kZoomStep = std::sqrt(2.0);

}  // namespace

PresetKeys::PresetKeys(viewer::Canvas* canvas, ViewState* view, QObject* parent)
    : QObject(parent), m_canvas(canvas), m_view(view) {}

bool PresetKeys::press(const QKeyEvent& key) {
    if (m_preset != InputPreset::Fiji || !m_view) return false;
    const auto modifiers = key.modifiers() & ~Qt::KeypadModifier;
    if (modifiers == (Qt::ControlModifier | Qt::ShiftModifier) && key.key() == Qt::Key_C) {
        Q_EMIT autoContrastRequested();
        return true;
    }
    // Where a keyboard has its signs with Shift is its own affair.
    if (modifiers & ~Qt::ShiftModifier) return false;
    switch (key.key()) {
        case Qt::Key_Less:
        case Qt::Key_Comma:
            m_view->stepLastAxis(-1);
            return true;
        case Qt::Key_Greater:
        case Qt::Key_Period:
            m_view->stepLastAxis(1);
            return true;
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            m_canvas->zoom(kZoomStep);
            return true;
        case Qt::Key_Minus:
            m_canvas->zoom(1 / kZoomStep);
            return true;
        case Qt::Key_4:
            m_canvas->resetView();
            return true;
        case Qt::Key_5:
            // A pixel of the image is one of the screen.
            if (m_canvas->layoutMode() != viewer::CanvasLayout::Volume)
                m_view->setView(m_view->center(),
                                m_view->pixelSize().x() * m_canvas->devicePixelRatioF());
            return true;
        default:
            return false;
    }
}

}  // namespace posteria::ui::shell
