// The dark theme: one palette and one style sheet (resources/theme/dark.qss, where $names stand for
// these colours). Colours and sizes are named here once and used everywhere.
#pragma once

#include <QColor>

class QApplication;

namespace posteria::ui::widgets::theme {

inline constexpr QColor kBackground{35, 36, 43};
inline constexpr QColor kForeground{46, 51, 62};
inline constexpr QColor kPrimary{66, 74, 84};
inline constexpr QColor kSecondary{86, 95, 108};
inline constexpr QColor kHighlight{97, 105, 110};
inline constexpr QColor kText{240, 241, 242};
inline constexpr QColor kIcon{209, 210, 212};
inline constexpr QColor kWarning{227, 182, 23};
inline constexpr QColor kError{153, 18, 31};
inline constexpr QColor kCurrent{69, 96, 196};
inline constexpr QColor kDimmed{150, 154, 160};  // text of second rank

void apply(QApplication& application);

}  // namespace posteria::ui::widgets::theme
