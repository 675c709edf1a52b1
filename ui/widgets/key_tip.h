// Tooltips that name the keys of the command that does the same, and follow them when the user
// gives it others. GUI thread only.
#pragma once

#include <QAction>
#include <QKeySequence>
#include <QString>

namespace posteria::ui::widgets {

// Of a widget or an action. pattern: how words (%1) and keys (%2) stand together.
template <class Target>
void followKeys(Target* target, const QAction* action, const QString& words,
                const QString& pattern = QStringLiteral("%1 (%2)")) {
    const auto tell = [=] {
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        target->setToolTip(keys.isEmpty() ? words : pattern.arg(words, keys));
    };
    QObject::connect(action, &QAction::changed, target, tell);
    tell();
}

}  // namespace posteria::ui::widgets
