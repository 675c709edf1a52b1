// Layouts that the user has given a name: the canvas layout, docks and toolbars, scale bar and
// crosshair. Adds to View ▸ Layout an entry for each, "Save Layout As…" and "Delete Layout", and
// keeps them in the settings. A layout that this version cannot restore says so and changes
// nothing. GUI thread only; nothing that is handed over is owned.
#pragma once

#include <QAction>
#include <QMainWindow>
#include <QMenu>
#include <QObject>
#include <QSettings>
#include <QStringList>
#include <vector>

#include "ui/shell/layout_menu.h"

namespace posteria::ui::shell {

// Of QMainWindow::saveState: raised when docks or toolbars are no longer what they were.
inline constexpr int kWindowStateVersion = 1;

class NamedLayouts : public QObject {
    Q_OBJECT
  public:
    // Both actions are checked while what they are named after is shown.
    NamedLayouts(LayoutMenu* layouts, QAction* scaleBar, QAction* crosshair, QSettings* settings,
                 QMainWindow* window);

    QStringList names() const;
    void save(const QString& name);  // takes the place of one of the same name
    void restore(const QString& name);
    void remove(const QString& name);

  Q_SIGNALS:
    void failed(const QString& message, const QString& hint);

  private:
    struct Layout {
        QString name, canvas;
        QByteArray docks;
        int version = 0;
        bool scaleBar = true, crosshair = false;
    };
    void read();
    void write();
    void ask();
    void listInMenu();

    LayoutMenu* m_layouts;
    QAction *m_scaleBar, *m_crosshair;
    QSettings* m_settings;
    QMainWindow* m_window;
    QMenu* m_delete;
    QAction* m_before;  // the entries stand above it
    std::vector<Layout> m_all;
    std::vector<QAction*> m_entries;
};

}  // namespace posteria::ui::shell
