// The keys of the menus' commands: what the program gives them, and what the user has given them
// instead, kept in the settings by the actions' object names. A command that the program gives
// several keys has one where the user gave it others. Only commands that are never offered at the
// same time may share keys. Files and samples listed in menus
// (their names have a colon) take no keys. GUI thread only.
#pragma once

#include <QHash>
#include <QKeySequence>
#include <QList>
#include <QSettings>

#include "ui/widgets/menu_commands.h"

namespace posteria::ui::widgets {

class Shortcuts {
  public:
    // Takes the actions' keys as the program's and applies the user's. Neither is owned.
    Shortcuts(const QMenuBar* menus, QSettings* settings);

    std::vector<MenuCommand> commands() const;
    QKeySequence usual(const QAction* action) const;
    // Of another command that has these keys; empty where they are free.
    QString owner(const QKeySequence& keys, const QAction* but) const;
    // No keys: the command has none. The keys must be free.
    void set(QAction* action, const QKeySequence& keys);
    void resetAll();

  private:
    const QMenuBar* m_menus;
    QSettings* m_settings;
    QHash<QString, QList<QKeySequence>> m_usual;
};

}  // namespace posteria::ui::widgets
