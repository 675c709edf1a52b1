#include "ui/widgets/menu_commands.h"

#include <QMenu>

namespace posteria::ui::widgets {

namespace {

void collect(const QList<QAction*>& actions, const QString& menus,
             std::vector<MenuCommand>& commands) {
    for (auto* action : actions) {
        if (action->isSeparator() || !action->isVisible() || action->text().isEmpty()) continue;
        const QString name = menus + QString(action->text()).remove(QLatin1Char('&'));
        if (const auto* menu = action->menu())
            collect(menu->actions(), name + QStringLiteral(" ▸ "), commands);
        else
            commands.push_back({action, name});
    }
}

}  // namespace

std::vector<MenuCommand> menuCommands(const QMenuBar& menus) {
    std::vector<MenuCommand> commands;
    collect(menus.actions(), {}, commands);
    return commands;
}

}  // namespace posteria::ui::widgets
