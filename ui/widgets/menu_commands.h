// Every command of a window's menus, those of menus within menus included, in the menus' order.
#pragma once

#include <QAction>
#include <QMenuBar>
#include <QPointer>
#include <vector>

namespace posteria::ui::widgets {

struct MenuCommand {
    QPointer<QAction> action;
    QString name;  // "View ▸ Layout ▸ Linked Panes"
};

std::vector<MenuCommand> menuCommands(const QMenuBar& menus);

}  // namespace posteria::ui::widgets
