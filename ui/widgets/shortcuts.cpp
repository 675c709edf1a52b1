#include "ui/widgets/shortcuts.h"

#include <algorithm>

namespace posteria::ui::widgets {

namespace {
const auto kGroup = QStringLiteral("shortcuts");

QString keyOf(const QAction* action) {
    return kGroup + QLatin1Char('/') + action->objectName();
}
}  // namespace

Shortcuts::Shortcuts(const QMenuBar* menus, QSettings* settings)
    : m_menus(menus), m_settings(settings) {
    for (const auto& command : commands()) {
        auto* action = command.action.data();
        m_usual[action->objectName()] = action->shortcuts();
        if (m_settings->contains(keyOf(action)))
            action->setShortcut(QKeySequence(m_settings->value(keyOf(action)).toString()));
    }
}

std::vector<MenuCommand> Shortcuts::commands() const {
    auto all = menuCommands(*m_menus);
    all.erase(std::remove_if(all.begin(), all.end(),
                             [](const MenuCommand& c) {
                                 return c.action->objectName().isEmpty() ||
                                        c.action->objectName().contains(QLatin1Char(':'));
                             }),
              all.end());
    return all;
}

QKeySequence Shortcuts::usual(const QAction* action) const {
    return m_usual.value(action->objectName()).value(0);
}

QString Shortcuts::owner(const QKeySequence& keys, const QAction* but) const {
    if (keys.isEmpty()) return {};
    for (const auto& command : commands())
        if (command.action != but && command.action->shortcuts().contains(keys))
            return command.name;
    return {};
}

void Shortcuts::set(QAction* action, const QKeySequence& keys) {
    if (keys == usual(action)) {
        action->setShortcuts(m_usual.value(action->objectName()));
        m_settings->remove(keyOf(action));
    } else {
        action->setShortcut(keys);
        m_settings->setValue(keyOf(action), keys.toString(QKeySequence::PortableText));
    }
}

void Shortcuts::resetAll() {
    for (const auto& command : commands())
        set(command.action, usual(command.action));
    m_settings->remove(kGroup);
}

}  // namespace posteria::ui::widgets
