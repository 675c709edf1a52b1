// Keys of commands: changed in the dialog, kept, refused where they are taken, and given back.
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

#include "ui/widgets/shortcuts_dialog.h"

using namespace posteria::ui::widgets;

namespace {

// A menu bar as a window has it.
struct Menus {
    QMenuBar bar;
    QAction *open, *save, *grid, *plain, *listed;

    Menus() {
        auto* file = bar.addMenu("&File");
        open = add(file, "actionOpen", "Open…", "Ctrl+O");
        save = add(file, "actionSave", "Save", "Ctrl+S");
        listed = add(file, "actionRecent:a.tif", "a.tif", "");
        auto* layout = bar.addMenu("&View")->addMenu("Layout");
        grid = add(layout, "actionGrid", "Grid", "");
        plain = layout->addAction("no name");
    }
    static QAction* add(QMenu* menu, const char* name, const char* text, const char* keys) {
        auto* action = menu->addAction(text);
        action->setObjectName(name);
        action->setShortcut(QKeySequence(keys));
        return action;
    }
};

}  // namespace

class TestShortcuts : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::unique_ptr<QSettings> m_settings;

    template <class W>
    static W* find(QWidget& dialog, const char* name) {
        return dialog.findChild<W*>(QLatin1String(name));
    }
    // Chooses a command by its letters and presses keys into the field.
    static void give(ShortcutsDialog& dialog, const char* letters, Qt::Key key,
                     Qt::KeyboardModifiers modifiers) {
        find<QLineEdit>(dialog, "shortcutsQuery")->setText(letters);
        auto* keys = find<QKeySequenceEdit>(dialog, "shortcutsKeys");
        keys->setKeySequence({});
        QTest::keyClick(keys, key, modifiers);
        QTest::qWait(1200);  // the field waits for further keys
    }

  private Q_SLOTS:
    void init() {
        m_settings =
            std::make_unique<QSettings>(m_folder.filePath("keys.ini"), QSettings::IniFormat);
        m_settings->clear();
    }

    void commandsAreThoseWithNames() {
        Menus menus;
        const Shortcuts shortcuts(&menus.bar, m_settings.get());
        QStringList names;
        for (const auto& command : shortcuts.commands())
            names << command.name;
        QCOMPARE(names, (QStringList{"File ▸ Open…", "File ▸ Save", "View ▸ Layout ▸ Grid"}));
    }

    void keysAreGivenAndKept() {
        {
            Menus menus;
            Shortcuts shortcuts(&menus.bar, m_settings.get());
            ShortcutsDialog dialog(&shortcuts, {}, nullptr);
            QCOMPARE(find<QTreeWidget>(dialog, "shortcutsList")->topLevelItemCount(), 3);
            give(dialog, "grid", Qt::Key_G, Qt::ControlModifier);
            QCOMPARE(menus.grid->shortcut(), QKeySequence("Ctrl+G"));
            QCOMPARE(find<QTreeWidget>(dialog, "shortcutsList")->topLevelItemCount(), 1);
            find<QLineEdit>(dialog, "shortcutsQuery")->setText("save");
            QTest::mouseClick(find<QPushButton>(dialog, "shortcutsNone"), Qt::LeftButton);
            QVERIFY(menus.save->shortcut().isEmpty());
        }
        Menus later;
        Shortcuts shortcuts(&later.bar, m_settings.get());
        QCOMPARE(later.grid->shortcut(), QKeySequence("Ctrl+G"));
        QVERIFY(later.save->shortcut().isEmpty());
        QCOMPARE(later.open->shortcut(), QKeySequence("Ctrl+O"));
        ShortcutsDialog dialog(&shortcuts, {}, nullptr);
        find<QLineEdit>(dialog, "shortcutsQuery")->setText("save");
        QTest::mouseClick(find<QPushButton>(dialog, "shortcutsUsual"), Qt::LeftButton);
        QCOMPARE(later.save->shortcut(), QKeySequence("Ctrl+S"));
        QTest::mouseClick(find<QPushButton>(dialog, "shortcutsReset"), Qt::LeftButton);
        QVERIFY(later.grid->shortcut().isEmpty());
        QVERIFY(m_settings->allKeys().isEmpty());
    }

    // Further keys of a command go with the first and come back with it.
    void furtherKeysBelongToTheirCommand() {
        Menus menus;
        menus.save->setShortcuts({QKeySequence("Ctrl+S"), QKeySequence("F2")});
        Shortcuts shortcuts(&menus.bar, m_settings.get());
        QCOMPARE(shortcuts.owner(QKeySequence("F2"), menus.grid), QString("File ▸ Save"));
        shortcuts.set(menus.save, QKeySequence("F3"));
        QCOMPARE(menus.save->shortcuts(), QList<QKeySequence>{QKeySequence("F3")});
        QVERIFY(shortcuts.owner(QKeySequence("F2"), menus.grid).isEmpty());
        shortcuts.set(menus.save, shortcuts.usual(menus.save));
        QCOMPARE(menus.save->shortcuts().size(), 2);
        QVERIFY(m_settings->allKeys().isEmpty());
    }

    void keysOfAnotherAreRefused() {
        Menus menus;
        Shortcuts shortcuts(&menus.bar, m_settings.get());
        ShortcutsDialog dialog(&shortcuts, {}, nullptr);
        give(dialog, "grid", Qt::Key_O, Qt::ControlModifier);
        QVERIFY(menus.grid->shortcut().isEmpty());
        QCOMPARE(menus.open->shortcut(), QKeySequence("Ctrl+O"));
        const auto message = find<QLabel>(dialog, "shortcutsMessage")->text();
        QVERIFY2(message.contains("File ▸ Open…"), qPrintable(message));
        QVERIFY(m_settings->allKeys().isEmpty());
    }
};

QTEST_MAIN(TestShortcuts)
#include "tst_shortcuts.moc"
