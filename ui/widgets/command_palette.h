// Every command of a menu bar in one list, found by a few letters (fuzzyMatch) and run by Enter:
// its menus, its keys, greyed where it cannot be run now; those run last stand first. Lies over the
// upper middle of its window while it is open.
#pragma once

#include <QFrame>
#include <QLineEdit>
#include <QPointer>
#include <QSettings>
#include <QTreeWidget>

#include "ui/widgets/menu_commands.h"

namespace posteria::ui::widgets {

class CommandPalette : public QFrame {
    Q_OBJECT
  public:
    // Neither the menus nor the settings are owned; the latter keep what was run last.
    CommandPalette(QMenuBar* menus, QSettings* settings, QWidget* window);

    void popUp();
    void close();

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void list();
    void runCurrent();
    void moveCurrent(int rows);

    QMenuBar* m_menus;
    QSettings* m_settings;
    std::vector<MenuCommand> m_commands;
    QLineEdit* m_query;
    QTreeWidget* m_found;
    QPointer<QWidget> m_before;  // had the focus
};

}  // namespace posteria::ui::widgets
