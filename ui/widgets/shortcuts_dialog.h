// Help ▸ Keyboard Shortcuts: every command with its keys, found by a few letters; other keys are
// pressed into a field. Keys that another command has are refused with its name.
#pragma once

#include <QDialog>

#include "ui/widgets/shortcuts.h"

class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace posteria::ui::widgets {

class ShortcutsDialog : public QDialog {
    Q_OBJECT
  public:
    // gestures: what keys held and the mouse do, rows of an HTML table. Not owned.
    ShortcutsDialog(Shortcuts* shortcuts, const QString& gestures, QWidget* parent);

  private:
    void list();
    void showCurrent();
    void assign(const QKeySequence& keys);
    QAction* current() const;

    Shortcuts* m_shortcuts;
    std::vector<MenuCommand> m_commands;
    QLineEdit* m_query;
    QTreeWidget* m_list;
    QLabel *m_name, *m_message;
    QKeySequenceEdit* m_keys;
    QPushButton *m_none, *m_usual;
};

}  // namespace posteria::ui::widgets
