// The dark and the light theme: a palette each and one style sheet (resources/theme/theme.qss,
// where $names stand for these colours). Colours are named here once and used everywhere; the
// canvas and its overlays are black in both. Text has a contrast of 4.5 or more to what it stands
// on (WCAG AA). GUI thread only.
#pragma once

#include <QColor>

class QApplication;

namespace posteria::ui::widgets::theme {

enum class Theme { Dark, Light };

struct Colors {
    QColor background, foreground;         // of the window, of panels on it
    QColor primary, secondary, highlight;  // controls: at rest, hovered, pressed
    QColor disabled;                       // a control that cannot be used
    QColor text, dimmed, faint;            // of first and second rank, and what cannot be used
    QColor icon, handle;                   // handle: a slider's under the pointer
    QColor current, currentHover, currentPressed, onCurrent;  // selection, and text on it
    QColor warning, error, link;
};

const Colors& colors(Theme theme);
const Colors& colors();  // of the theme in use
Theme inUse();

// Before widgets are made, or at any time later.
void apply(QApplication& application, Theme theme = Theme::Dark);

}  // namespace posteria::ui::widgets::theme
