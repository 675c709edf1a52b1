// The command palette and the recent files of the real window, by keys and clicks.
#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QTreeWidget>
#include <QUrl>
#include <QWheelEvent>

#include "tests/ui/shell/window_fixture.h"
#include "ui/widgets/command_palette.h"

using namespace posteria;
using ui::widgets::CommandPalette;

class TestWindowCommands : public QObject, test::WindowFixture {
    Q_OBJECT

    CommandPalette* palette() { return child<CommandPalette>("commandPalette"); }
    QLineEdit* query() { return child<QLineEdit>("paletteQuery"); }
    QTreeWidget* found() { return child<QTreeWidget>("paletteList"); }
    void popUp() {
        QTest::keyClick(m_window.get(), Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(palette()->isVisible());
        QVERIFY(query()->hasFocus());
    }
    void addImage() { add(test::countingStack(40, 1, "image", 3)); }
    QStringList recent() {
        QStringList names;
        for (const auto* action : child<QMenu>("menuRecent")->actions())
            if (action->objectName().startsWith("actionRecent:"))
                names << action->objectName().mid(13);
        return names;
    }
    QString makeFile(const QString& name) {
        const auto file = path(name);
        QImage image(8, 6, QImage::Format_Grayscale8);
        image.fill(7);
        image.save(file, "PNG");
        return file;
    }

  public:
    TestWindowCommands() : WindowFixture({1100, 800}) {}

  private Q_SLOTS:
    void initTestCase() { ui::widgets::theme::apply(*qApp); }
    void init() { freshWindow(); }
    void cleanup() { closeWindow(); }

    void fewLettersFindACommandAndEnterRunsIt() {
        addImage();
        popUp();
        const int all = found()->topLevelItemCount();
        QVERIFY2(all > 30, qPrintable(QString::number(all)));
        QTest::keyClicks(query(), "crossh");
        QVERIFY(found()->topLevelItemCount() < all);
        QCOMPARE(found()->currentItem()->text(0), QString("View ▸ Crosshair"));
        auto* crosshair = child<QAction>("actionCrosshair");
        QVERIFY(!crosshair->isChecked());
        QTest::keyClick(query(), Qt::Key_Return);
        QVERIFY(crosshair->isChecked());
        QVERIFY(!palette()->isVisible());
        // It stands first the next time, ticked, also in a window of a later day.
        showWindow();
        addImage();
        child<QAction>("actionCrosshair")->setChecked(true);
        popUp();
        QCOMPARE(found()->topLevelItem(0)->text(0), QString("✓ View ▸ Crosshair"));
    }

    // By its keys, kept for the next window, which ticks the command.
    void theLightThemeIsKept() {
        using ui::widgets::theme::Theme;
        QTest::keyClick(m_window.get(), Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(ui::widgets::theme::inUse(), Theme::Light);
        QVERIFY(qGray(m_window->palette().color(QPalette::Window).rgb()) > 200);
        QVERIFY(ui::Preferences(m_settings.get()).lightTheme());
        showWindow();
        auto* light = child<QAction>("actionLightTheme");
        QVERIFY(light->isChecked());
        light->trigger();
        QCOMPARE(ui::widgets::theme::inUse(), Theme::Dark);
        QVERIFY(!ui::Preferences(m_settings.get()).lightTheme());
    }

    void changesAreUndoneByKeys() {
        auto* undo = child<QAction>("actionUndo");
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
        add(test::countingStack(40, 1, "front", 3));
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

    void keysAndWheelWalkThroughTheLayers() {
        addImage();
        add(test::countingStack(40, 1, "front", 3));
        m_window->document().select(layers()[1]);
        press(Qt::Key_Down, Qt::ShiftModifier | Qt::AltModifier);
        QCOMPARE(m_window->document().selected(), layers()[0]);
        QVERIFY(layers()[0]->isVisible() && !layers()[1]->isVisible());
        press(Qt::Key_Down, Qt::ShiftModifier | Qt::AltModifier);  // there is none
        QVERIFY(layers()[0]->isVisible() && !layers()[1]->isVisible());
        press(Qt::Key_Up, Qt::ShiftModifier | Qt::AltModifier);
        QVERIFY(!layers()[0]->isVisible() && layers()[1]->isVisible());
        auto* panes = m_canvas->findChild<QWidget*>("linkedPanes");
        QVERIFY(panes);
        // As X11 tells a turn with Alt held: sideways. Qt hands on what the canvas leaves, but for
        // events of tests.
        const auto turn = [&](int angle) {
            for (QWidget* to : {panes, static_cast<QWidget*>(m_window.get())}) {
                const QPointF at(200, 200);
                QWheelEvent wheel(at, to->mapToGlobal(at), {}, {angle, 0}, Qt::NoButton,
                                  Qt::AltModifier, Qt::NoScrollPhase, false);
                QApplication::sendEvent(to, &wheel);
                QCOMPARE(wheel.isAccepted(), to != panes);
            }
        };
        const double scale = view().scale();
        turn(-120);
        QCOMPARE(m_window->document().selected(), layers()[0]);
        turn(120);
        QCOMPARE(m_window->document().selected(), layers()[1]);
        QCOMPARE(view().scale(), scale);
        press(Qt::Key_Plus, Qt::ControlModifier);
        QVERIFY(std::abs(view().scale() - scale / 1.5) < 1e-9 * scale);
        press(Qt::Key_Minus, Qt::ControlModifier);
        QVERIFY(std::abs(view().scale() - scale) < 1e-9 * scale);
        press(Qt::Key_Backspace, Qt::ControlModifier);
        QCOMPARE(layers().size(), std::size_t(1));
        QTRY_VERIFY(m_window->isIdle());
    }

    void picturesGoThroughTheClipboard() {
        QApplication::clipboard()->clear();
        press(Qt::Key_N, Qt::ControlModifier);
        QVERIFY(layers().empty());
        QImage picture(30, 20, QImage::Format_RGB32);
        picture.fill(QColor(10, 20, 30));
        QApplication::clipboard()->setImage(picture);
        press(Qt::Key_N, Qt::ControlModifier);
        QTRY_COMPARE(layers().size(), std::size_t(1));
        const auto stack = layers()[0]->stack();
        QVERIFY(stack->info().shape == (image::Shape{1, 3, 1, 20, 30}));
        for (int c = 0; c < 3; ++c)
            QCOMPARE(stack->readPlane({0, c, 0}).value(29, 19), 10.0 * (c + 1));
        QCOMPARE(layers()[0]->channelName(2), QString("blue"));
        picture = picture.convertToFormat(QImage::Format_Grayscale8);
        QApplication::clipboard()->setImage(picture);
        press(Qt::Key_N, Qt::ControlModifier);
        QTRY_COMPARE(layers().size(), std::size_t(2));
        QVERIFY(layers()[1]->stack()->info().shape == (image::Shape{1, 1, 1, 20, 30}));
        QTRY_VERIFY(m_window->isIdle());
        press(Qt::Key_C, Qt::AltModifier);
        QCOMPARE(QApplication::clipboard()->image().size(), m_canvas->grabFrame().size());
        // Files copied in a file manager are opened.
        auto* files = new QMimeData;
        files->setUrls({QUrl::fromLocalFile(makeFile("copied.png"))});
        QApplication::clipboard()->setMimeData(files);
        press(Qt::Key_N, Qt::ControlModifier);
        QTRY_COMPARE(layers().size(), std::size_t(3));
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
        auto* bar = child<QAction>("actionScaleBar");
        const bool before = bar->isChecked();
        const auto spot = found()->visualItemRect(found()->topLevelItem(0)).center();
        QTest::mouseClick(found()->viewport(), Qt::LeftButton, {}, spot);
        QCOMPARE(bar->isChecked(), !before);
        QVERIFY(!palette()->isVisible());
        popUp();
        child<QWidget>("layerList")->setFocus();
        QVERIFY(!palette()->isVisible());
    }

    void openedFilesAreRememberedNewestFirst() {
        const auto one = makeFile("one.png"), two = makeFile("two & a half.png");
        QVERIFY(!child<QMenu>("menuRecent")->isEnabled());
        for (const auto& file : {one, two, one})
            open({file});
        QCOMPARE(recent(), QStringList({one, two}));
        showWindow();
        QCOMPARE(recent(), QStringList({one, two}));
        child<QAction>(qPrintable("actionRecent:" + two))->trigger();
        QTRY_COMPARE(m_window->document().layers().size(), std::size_t(1));
        QCOMPARE(m_window->document().layers()[0]->name(), QString("two & a half.png"));
        QTRY_COMPARE(recent(), QStringList({two, one}));
        // A file that is gone is said so, and forgotten.
        QVERIFY(QFile::remove(one));
        child<QAction>(qPrintable("actionRecent:" + one))->trigger();
        QTRY_VERIFY(m_window->lastError().has_value());
        QTRY_COMPARE(recent(), QStringList({two}));
        child<QAction>("actionClearRecent")->trigger();
        QTRY_COMPARE(recent(), QStringList());
    }
};

QTEST_MAIN(TestWindowCommands)
#include "tst_window_commands.moc"
