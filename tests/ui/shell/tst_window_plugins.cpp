// Plugins in the real window, by clicks: the list with its reasons, and an OME-Zarr folder opened
// through the plugin that ships. Needs a display with OpenGL.
#include <QApplication>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QPushButton>
#include <QTableView>
#include <filesystem>

#include "core/base/file.h"
#include "tests/plugins/shipped.h"
#include "tests/ui/shell/window_fixture.h"
#include "ui/viewer/graphics.h"

using namespace posteria;
using ui::PluginListModel;

class TestWindowPlugins : public QObject, test::WindowFixture {
    Q_OBJECT

    // As a hand does it: the menu in the bar, then the entry in the menu.
    void choose(const char* menuName, const char* actionName) {
        auto* menu = child<QMenu>(menuName);
        QTest::mouseClick(m_window->menuBar(), Qt::LeftButton, {},
                          m_window->menuBar()->actionGeometry(menu->menuAction()).center());
        QTRY_VERIFY(menu->isVisible());
        QTest::mouseClick(menu, Qt::LeftButton, {},
                          menu->actionGeometry(child<QAction>(actionName)).center());
    }

  public:
    TestWindowPlugins() : WindowFixture({1200, 800}) {}
    static void initMain() { ui::viewer::prepareGraphics(); }

  private Q_SLOTS:
    void initTestCase() {
        QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
        ui::widgets::theme::apply(*qApp);
        QVERIFY(QDir().mkpath(path("bad")));
        writeTextFile(path("bad/broken.so").toStdString(), "not a library");
        services.plugins = std::make_shared<const plugin::PluginSet>(std::vector<std::string>{
            path("bad").toStdString(), POSTERIA_LIB_DIR "/posteria/plugins"});
        plugin::useImagePlugins(services.plugins);
        io::writeImages(path("spots.ome.zarr").toStdString(),
                        {test::countingStack(128, 1, "spots")});
        services.models = [] { return std::vector<package::ModelPackage>(); };
    }

    void init() { freshWindow(); }
    void cleanup() { closeWindow(); }

    void listsThemWithTheirReasons() {
        choose("menuPlugins", "actionInstalledPlugins");
        QTRY_VERIFY(m_window->findChild<QDialog*>("pluginsDialog"));
        QPointer<QDialog> dialog = child<QDialog>("pluginsDialog");
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        auto* table = test::child<QTableView>(*dialog, "pluginsTable");
        QTRY_COMPARE(table->model()->rowCount(), 4);
        const auto text = [table](int row, int column) {
            return table->model()->index(row, column).data().toString();
        };
        QCOMPARE(text(0, PluginListModel::Name), QString("broken.so"));
        QCOMPARE(text(0, PluginListModel::State),
                 QString("The file is not a complete shared library for this computer."));
        QCOMPARE(text(1, PluginListModel::Name), QString("Gaussian blur"));
        QCOMPARE(text(1, PluginListModel::State), QString("In use"));
        QCOMPARE(test::child<QLabel>(*dialog, "pluginsCount")->text(),
                 QString("3 of 4 plugins are in use."));
        QVERIFY(test::child<QLabel>(*dialog, "pluginsFolders")->text().contains(m_folder.path()));
        // Every reason can be read to its end.
        for (int row = 0; row < 4; ++row) {
            const auto index = table->model()->index(row, PluginListModel::State);
            const QSize room = table->visualRect(index).size();
            const QRect needed = table->fontMetrics().boundingRect(
                QRect(0, 0, room.width() - 28, 1000), Qt::TextWordWrap, index.data().toString());
            QVERIFY2(needed.height() <= room.height(), qPrintable(index.data().toString()));
        }
        if (const auto picture = qEnvironmentVariable("POSTERIA_TEST_PICTURE"); !picture.isEmpty())
            QVERIFY(dialog->grab().save(picture));
        QTest::mouseClick(test::child<QPushButton>(*dialog, "pluginsClose"), Qt::LeftButton);
        QTRY_VERIFY(dialog.isNull());
    }

    void opensAFolder() {
        choose("menuFile", "actionOpenFolder");
        QTRY_VERIFY(m_window->findChild<QFileDialog*>("openFolderDialog"));
        auto* dialog = child<QFileDialog>("openFolderDialog");
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        dialog->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(dialog));
        auto* edit = test::child<QLineEdit>(*dialog, "fileNameEdit");
        const auto folder = path("spots.ome.zarr");
        QTRY_VERIFY((edit->selectAll(), QTest::keyClicks(edit, folder), edit->text() == folder));
        QPointer<QFileDialog> gone(dialog);
        auto* accept =
            test::child<QDialogButtonBox>(*dialog, "buttonBox")->findChild<QPushButton*>();
        const auto accepted = [&] {
            if (gone && dialog->isVisible() && edit->text() == folder && accept->isEnabled())
                QTest::mouseClick(accept, Qt::LeftButton);
            return gone.isNull();
        };
        QTRY_VERIFY(accepted());
        QTRY_COMPARE(m_window->document().layers().size(), 1u);
        QTRY_VERIFY(m_window->isIdle());
        const auto* layer = m_window->document().layers().front();
        QCOMPARE(layer->name(), QString("spots.ome.zarr"));
        QCOMPARE(layer->stack()->info().reader, std::string("posteria.ome-zarr"));
        QVERIFY(!m_window->lastError());
    }
};

QTEST_MAIN(TestWindowPlugins)
#include "tst_window_plugins.moc"
