// What panels and dialogs put together again and again. GUI thread only.
#pragma once

#include <QLabel>
#include <QStyle>

namespace posteria::ui::widgets {

// The widget, which tests and scripts find by that name.
template <class W>
W* named(W* widget, const char* name) {
    widget->setObjectName(QLatin1String(name));
    return widget;
}

// Words of second rank, over several lines where they need them.
inline QLabel* quiet(QLabel* label) {
    label->setProperty("rank", QStringLiteral("second"));
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

// What became of what the user asked for.
inline void tell(QLabel* label, const QString& text, bool error) {
    label->setText(text);
    label->setProperty("error", error);
    label->style()->unpolish(label);  // the theme's rule for errors applies, or no longer
    label->style()->polish(label);
}

}  // namespace posteria::ui::widgets
