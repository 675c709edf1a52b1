// Layouts with names in the real window: saved, restored and deleted by menu.
#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include "core/io/open.h"
#include "tests/ui/fake_engine.h"
#include "tests/ui/models.h"
#include "tests/ui/stacks.h"
#include "ui/shell/main_window.h"
#include "ui/viewer/linked_canvas.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/theme.h"

using namespace posteria;
using namespace posteria::ui::viewer;
using ui::shell::MainWindow;

class TestWindowLayouts : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;
    LinkedCanvas* m_canvas = nullptr;

    template <class W>
    W* find(const QString& name) const {
        return m_window->findChild<W*>(name);
    }
    QAction* entry(const QString& name) const { return find<QAction>("actionLayout:" + name); }
    void open() {
        m_settings =
            std::make_unique<QSettings>(m_folder.filePath("settings.ini"), QSettings::IniFormat);
        ui::shell::Services services;
        services.engine = [] { return std::make_unique<test::FakeEngine>(); };
        services.open = [](const std::string& path) { return io::openAll(path); };
        services.models = [] { return test::twoModels(); };
        m_canvas = new LinkedCanvas;
        m_window = std::make_unique<MainWindow>(services, m_settings.get(), m_canvas);
        m_window->resize(1100, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        m_window->document().addImage(test::countingStack(40, 1, "stack", 6));
        QTRY_VERIFY(m_window->isIdle());
    }
    void close() {
        m_window.reset();
        m_settings.reset();
    }
    // As a user does; what the dialog says about the name.
    QString save(const QString& name) {
        find<QAction>("actionSaveLayout")->trigger();
        if (!QTest::qWaitFor([this] { return find<QDialog>("layoutDialog"); })) return {};
        auto* edit = find<QLineEdit>("layoutName");
        const bool refused = !find<QPushButton>("layoutSave")->isEnabled();
        QTest::keyClicks(edit, name);
        const QString hint = find<QLabel>("layoutHint")->text();
        QTest::keyClick(edit, Qt::Key_Return);
        const bool gone = QTest::qWaitFor([this] { return !find<QDialog>("layoutDialog"); });
        return refused && gone ? hint : QString();
    }

  private Q_SLOTS:
    void initTestCase() { ui::widgets::theme::apply(*qApp); }
    void init() {
        QFile::remove(m_folder.filePath("settings.ini"));
        open();
    }
    void cleanup() { close(); }

    // Canvas, docks, scale bar and crosshair come back at once, and after a restart.
    void layoutsAreSavedAndRestored() {
        QVERIFY(!find<QMenu>("menuDeleteLayout")->isEnabled());
        auto* restore = find<QDockWidget>("dockRestore");
        auto* plots = find<QDockWidget>("dockPlots");
        auto* list = find<QDockWidget>("dockLayerList");
        QVERIFY(!save("Standard & more").isEmpty());
        const int width = list->width();

        find<QAction>("actionLayoutOrtho")->trigger();
        find<QAction>("actionScaleBar")->setChecked(false);
        find<QAction>("actionCrosshair")->setChecked(true);
        restore->hide();
        plots->show();
        m_window->resizeDocks({list}, {width + 40}, Qt::Horizontal);
        QTRY_COMPARE(list->width(), width + 40);
        m_window->addDockWidget(Qt::BottomDockWidgetArea, plots);
        QTRY_VERIFY(m_window->isIdle());
        QVERIFY(!save("a/b: looking").isEmpty());
        QCOMPARE(entry("Standard & more")->text(), QString("Standard && more"));

        const auto looksStandard = [&] {
            return m_canvas->layoutMode() == CanvasLayout::Grid && restore->isVisible() &&
                   !plots->isVisible() && list->width() == width &&
                   find<QAction>("actionScaleBar")->isChecked() &&
                   !m_window->document().view().isCrosshairVisible() &&
                   find<QAction>("actionLayoutGrid")->isChecked();
        };
        const auto looksOther = [&] {
            return m_canvas->layoutMode() == CanvasLayout::Ortho && !restore->isVisible() &&
                   plots->isVisible() && list->width() == width + 40 &&
                   m_window->dockWidgetArea(plots) == Qt::BottomDockWidgetArea &&
                   !find<QAction>("actionScaleBar")->isChecked() &&
                   m_window->document().view().isCrosshairVisible();
        };
        entry("Standard & more")->trigger();
        QTRY_VERIFY(looksStandard());
        entry("a/b: looking")->trigger();
        QTRY_VERIFY(looksOther());
        entry("Standard & more")->trigger();
        QTRY_VERIFY(looksStandard());

        close();
        open();
        restore = find<QDockWidget>("dockRestore");
        plots = find<QDockWidget>("dockPlots");
        list = find<QDockWidget>("dockLayerList");
        entry("a/b: looking")->trigger();
        QTRY_VERIFY(looksOther());
    }

    void theVolumeIsPartOfALayout() {
        find<QAction>("action3D")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(m_window->isIdle(), 20000);
        QVERIFY(!save("volume").isEmpty());
        find<QAction>("action3D")->trigger();
        QCOMPARE(m_canvas->layoutMode(), CanvasLayout::Grid);
        entry("volume")->trigger();
        QCOMPARE(m_canvas->layoutMode(), CanvasLayout::Volume);
        QVERIFY(find<QAction>("action3D")->isChecked());
        QVERIFY(find<QWidget>("volumeControls")->isVisible());
    }

    // The same name again takes the place of the first; deleted ones are gone, also from the file.
    void namesAreUniqueAndLayoutsGo() {
        const QString first = save("mine");
        QVERIFY(!first.isEmpty());
        find<QAction>("actionLayoutOrtho")->trigger();
        const QString again = save("mine");
        QVERIFY(again != first && again.contains("place"));
        QVERIFY(!save("other").isEmpty());
        find<QAction>("actionLayoutGrid")->trigger();
        entry("mine")->trigger();
        QCOMPARE(m_canvas->layoutMode(), CanvasLayout::Ortho);

        find<QAction>("actionDeleteLayout:mine")->trigger();
        QVERIFY(!entry("mine") && entry("other"));
        close();
        open();
        QVERIFY(!entry("mine") && entry("other"));
        find<QAction>("actionDeleteLayout:other")->trigger();
        QVERIFY(!find<QMenu>("menuDeleteLayout")->isEnabled());
        QVERIFY(!m_settings->allKeys().join(' ').contains("docks"));
    }

    // One of another version, and one that is damaged: a sentence, and nothing changes.
    void aLayoutOfAnotherVersionSaysSo() {
        find<QAction>("actionLayoutOrtho")->trigger();
        QVERIFY(!save("newer").isEmpty() && !save("broken").isEmpty());
        close();
        {
            QSettings file(m_folder.filePath("settings.ini"), QSettings::IniFormat);
            QCOMPARE(file.value("layouts/1/name").toString(), QString("newer"));
            file.setValue("layouts/1/version", 1000);
            file.setValue("layouts/2/docks", QByteArray("nonsense"));
        }
        open();
        auto* bar = find<ui::widgets::MessageBar>("messageBar");
        for (const QString name : {"newer", "broken"}) {
            entry(name)->trigger();
            QVERIFY(bar->isVisible());
            QVERIFY(bar->message().contains(name) && bar->message().contains("another version"));
            QVERIFY(!bar->hint().isEmpty());
            QCOMPARE(m_canvas->layoutMode(), CanvasLayout::Grid);
            QVERIFY(find<QDockWidget>("dockRestore")->isVisible());
            bar->closeCurrent();
        }
    }
};

QTEST_MAIN(TestWindowLayouts)
#include "tst_window_layouts.moc"
