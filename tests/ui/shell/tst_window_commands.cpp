// The command palette and the recent files of the real window, by keys and clicks.
#include <QAction>
#include <QApplication>
#include <QFile>
#include <QLineEdit>
#include <QMenu>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

#include "core/io/open.h"
#include "tests/ui/fake_engine.h"
#include "tests/ui/models.h"
#include "tests/ui/stacks.h"
#include "ui/shell/main_window.h"
#include "ui/viewer/linked_canvas.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/theme.h"

using namespace posteria;
using ui::shell::MainWindow;
using ui::widgets::CommandPalette;

namespace {

template <class W>
W* child(QWidget& window, const char* name) {
    auto* found = window.findChild<W*>(QLatin1String(name));
    if (!found) qFatal("no widget is called %s", name);
    return found;
}

}  // namespace

class TestWindowCommands : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;

    void showWindow() {
        ui::shell::Services services;
        services.engine = [] { return std::make_unique<test::FakeEngine>(); };
        services.open = [](const std::string& path) { return io::openAll(path); };
        services.models = [] { return test::twoModels(); };
        m_window =
            std::make_unique<MainWindow>(services, m_settings.get(), new ui::viewer::LinkedCanvas);
        m_window->resize(1100, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }
    CommandPalette* palette() { return child<CommandPalette>(*m_window, "commandPalette"); }
    QLineEdit* query() { return child<QLineEdit>(*m_window, "paletteQuery"); }
    QTreeWidget* found() { return child<QTreeWidget>(*m_window, "paletteList"); }
    void popUp() {
        QTest::keyClick(m_window.get(), Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(palette()->isVisible());
        QVERIFY(query()->hasFocus());
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers) {
        QTest::keyClick(m_window.get(), key, modifiers);
    }
    void addImage() {
        m_window->document().addImage(test::countingStack(40, 1, "image", 3));
        QTRY_VERIFY(m_window->isIdle());
    }
    QStringList recent() {
        QStringList names;
        for (const auto* action : child<QMenu>(*m_window, "menuRecent")->actions())
            if (action->objectName().startsWith("actionRecent:"))
                names << action->objectName().mid(13);
        return names;
    }
    QString makeFile(const QString& name) {
        const auto path = m_folder.filePath(name);
        QImage image(8, 6, QImage::Format_Grayscale8);
        image.fill(7);
        image.save(path, "PNG");
        return path;
    }

  private Q_SLOTS:
    void initTestCase() { ui::widgets::theme::apply(*qApp); }
    void init() {
        m_settings =
            std::make_unique<QSettings>(m_folder.filePath("settings.ini"), QSettings::IniFormat);
        m_settings->clear();
        showWindow();
    }
    void cleanup() { m_window.reset(); }

    void fewLettersFindACommandAndEnterRunsIt() {
        addImage();
        popUp();
        const int all = found()->topLevelItemCount();
        QVERIFY2(all > 30, qPrintable(QString::number(all)));
        QTest::keyClicks(query(), "crossh");
        QVERIFY(found()->topLevelItemCount() < all);
        QCOMPARE(found()->currentItem()->text(0), QString("View ▸ Crosshair"));
        auto* crosshair = child<QAction>(*m_window, "actionCrosshair");
        QVERIFY(!crosshair->isChecked());
        QTest::keyClick(query(), Qt::Key_Return);
        QVERIFY(crosshair->isChecked());
        QVERIFY(!palette()->isVisible());
        // It stands first the next time, ticked, also in a window of a later day.
        m_window.reset();
        showWindow();
        addImage();
        child<QAction>(*m_window, "actionCrosshair")->setChecked(true);
        popUp();
        QCOMPARE(found()->topLevelItem(0)->text(0), QString("✓ View ▸ Crosshair"));
    }

    // By its keys, kept for the next window, which ticks the command.
    void theLightThemeIsKept() {
        using ui::widgets::theme::Theme;
        QTest::keyClick(m_window.get(), Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(ui::widgets::theme::inUse(), Theme::Light);
        QVERIFY(qGray(m_window->palette().color(QPalette::Window).rgb()) > 200);
        QVERIFY(m_settings->value(ui::shell::kLightThemeKey).toBool());
        m_window.reset();
        showWindow();
        auto* light = child<QAction>(*m_window, "actionLightTheme");
        QVERIFY(light->isChecked());
        light->trigger();
        QCOMPARE(ui::widgets::theme::inUse(), Theme::Dark);
        QVERIFY(!m_settings->value(ui::shell::kLightThemeKey).toBool());
    }

    void changesAreUndoneByKeys() {
        auto* undo = child<QAction>(*m_window, "actionUndo");
        QVERIFY(!undo->isEnabled());
        addImage();
        QVERIFY2(!undo->isEnabled(), qPrintable(undo->text()));
        auto* layer = m_window->document().layers()[0];
        press(Qt::Key_V, Qt::NoModifier);
        QVERIFY(!layer->isVisible());
        QTRY_VERIFY(undo->isEnabled());
        QVERIFY(undo->text().contains("image"));
        press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(layer->isVisible());
        press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(!layer->isVisible());
    }

    void layersAreMovedCopiedAndShownAloneByKeys() {
        addImage();
        m_window->document().addImage(test::countingStack(40, 1, "front", 3));
        QTRY_VERIFY(m_window->isIdle());
        auto layers = [this] { return m_window->document().layers(); };
        auto* front = layers()[1];
        press(Qt::Key_Down, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(layers()[0], front);
        press(Qt::Key_Up, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(layers()[1], front);
        press(Qt::Key_V, Qt::ShiftModifier);
        QVERIFY(!layers()[0]->isVisible());
        press(Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(layers().size(), std::size_t(3));
        QCOMPARE(layers()[2]->name(), QString("front copy"));
        QTRY_VERIFY(m_window->isIdle());
    }

    void keysAreShownAndWhatCannotBeRunIsGrey() {
        popUp();
        QTest::keyClicks(query(), "savemean");
        const auto* item = found()->topLevelItem(0);
        QCOMPARE(item->text(0), QString("File ▸ Save Mean…"));
        QVERIFY(item->isDisabled());  // there is none
        const auto spot = found()->visualItemRect(item).center();
        QTest::mouseClick(found()->viewport(), Qt::LeftButton, {}, spot);
        QVERIFY(palette()->isVisible());
        query()->clear();
        QTest::keyClicks(query(), "open folder");
        QCOMPARE(found()->currentItem()->text(1), QString("Ctrl+Shift+O"));
        QVERIFY(!found()->currentItem()->isDisabled());
    }

    void arrowsMoveOverWhatCanBeRunAndEscapeLeavesAlone() {
        popUp();
        auto* first = found()->currentItem();
        int row = found()->indexOfTopLevelItem(first);
        for (int i = 0; i < 12; ++i) {
            QTest::keyClick(query(), Qt::Key_Down);
            const int next = found()->indexOfTopLevelItem(found()->currentItem());
            QVERIFY(next > row && !found()->currentItem()->isDisabled());
            row = next;
        }
        QVERIFY(row > 12);  // some stand between that cannot
        QTest::keyClick(query(), Qt::Key_PageUp);
        QTest::keyClick(query(), Qt::Key_Up);
        QCOMPARE(found()->currentItem(), first);
        QTest::keyClicks(query(), "zzzz");
        QCOMPARE(found()->topLevelItemCount(), 0);
        QTest::keyClick(query(), Qt::Key_Return);
        QTest::keyClick(query(), Qt::Key_Escape);
        QVERIFY(!palette()->isVisible());
    }

    void aClickRunsACommandAndAClickBesideClosesThePalette() {
        addImage();
        popUp();
        QTest::keyClicks(query(), "scalebar");
        auto* bar = child<QAction>(*m_window, "actionScaleBar");
        const bool before = bar->isChecked();
        const auto spot = found()->visualItemRect(found()->topLevelItem(0)).center();
        QTest::mouseClick(found()->viewport(), Qt::LeftButton, {}, spot);
        QCOMPARE(bar->isChecked(), !before);
        QVERIFY(!palette()->isVisible());
        popUp();
        child<QWidget>(*m_window, "layerList")->setFocus();
        QVERIFY(!palette()->isVisible());
    }

    void openedFilesAreRememberedNewestFirst() {
        const auto one = makeFile("one.png"), two = makeFile("two & a half.png");
        QVERIFY(!child<QMenu>(*m_window, "menuRecent")->isEnabled());
        for (const auto& path : {one, two, one}) {
            m_window->open({path});
            QTRY_VERIFY(m_window->isIdle());
        }
        QCOMPARE(recent(), QStringList({one, two}));
        m_window.reset();
        showWindow();
        QCOMPARE(recent(), QStringList({one, two}));
        child<QAction>(*m_window, qPrintable("actionRecent:" + two))->trigger();
        QTRY_COMPARE(m_window->document().layers().size(), std::size_t(1));
        QCOMPARE(m_window->document().layers()[0]->name(), QString("two & a half.png"));
        QTRY_COMPARE(recent(), QStringList({two, one}));
        // A file that is gone is said so, and forgotten.
        QVERIFY(QFile::remove(one));
        child<QAction>(*m_window, qPrintable("actionRecent:" + one))->trigger();
        QTRY_VERIFY(m_window->lastError().has_value());
        QTRY_COMPARE(recent(), QStringList({two}));
        child<QAction>(*m_window, "actionClearRecent")->trigger();
        QTRY_COMPARE(recent(), QStringList());
    }
};

QTEST_MAIN(TestWindowCommands)
#include "tst_window_commands.moc"
