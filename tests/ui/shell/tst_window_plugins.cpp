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
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>

#include "core/base/file.h"
#include "core/io/open.h"
#include "tests/plugins/shipped.h"
#include "tests/ui/fake_engine.h"
#include "tests/ui/stacks.h"
#include "ui/shell/main_window.h"
#include "ui/viewer/graphics.h"
#include "ui/viewer/linked_canvas.h"
#include "ui/widgets/theme.h"

using namespace posteria;
using ui::PluginListModel;
using ui::shell::MainWindow;

namespace {

template <class W>
W* child(QWidget& window, const char* name) {
    auto* found = window.findChild<W*>(QLatin1String(name));
    if (!found) qFatal("no widget is called %s", name);
    return found;
}

}  // namespace

class TestWindowPlugins : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<const plugin::PluginSet> m_plugins;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;

    // As a hand does it: the menu in the bar, then the entry in the menu.
    void choose(const char* menuName, const char* actionName) {
        auto* menu = child<QMenu>(*m_window, menuName);
        QTest::mouseClick(m_window->menuBar(), Qt::LeftButton, {},
                          m_window->menuBar()->actionGeometry(menu->menuAction()).center());
        QTRY_VERIFY(menu->isVisible());
        QTest::mouseClick(menu, Qt::LeftButton, {},
                          menu->actionGeometry(child<QAction>(*m_window, actionName)).center());
    }

  private Q_SLOTS:
    void initTestCase() {
        QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
        ui::widgets::theme::apply(*qApp);
        QVERIFY(QDir().mkpath(m_folder.filePath("bad")));
        writeTextFile(m_folder.filePath("bad/broken.so").toStdString(), "not a library");
        m_plugins = std::make_shared<const plugin::PluginSet>(std::vector<std::string>{
            m_folder.filePath("bad").toStdString(), POSTERIA_LIB_DIR "/posteria/plugins"});
        plugin::useImagePlugins(m_plugins);
        io::writeImages(m_folder.filePath("spots.ome.zarr").toStdString(),
                        {test::countingStack(128, 1, "spots")});
    }

    void init() {
        m_settings =
            std::make_unique<QSettings>(m_folder.filePath("settings.ini"), QSettings::IniFormat);
        ui::shell::Services services;
        services.engine = [] { return std::make_unique<test::FakeEngine>(); };
        services.open = [](const std::string& path) { return io::openAll(path); };
        services.models = [] { return std::vector<package::ModelPackage>(); };
        services.plugins = m_plugins;
        m_window =
            std::make_unique<MainWindow>(services, m_settings.get(), new ui::viewer::LinkedCanvas);
        m_window->resize(1200, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }

    void cleanup() { m_window.reset(); }

    void listsThemWithTheirReasons() {
        choose("menuPlugins", "actionInstalledPlugins");
        QTRY_VERIFY(m_window->findChild<QDialog*>("pluginsDialog"));
        QPointer<QDialog> dialog = child<QDialog>(*m_window, "pluginsDialog");
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        auto* table = child<QTableView>(*dialog, "pluginsTable");
        QTRY_COMPARE(table->model()->rowCount(), 4);
        const auto text = [table](int row, int column) {
            return table->model()->index(row, column).data().toString();
        };
        QCOMPARE(text(0, PluginListModel::Name), QString("broken.so"));
        QCOMPARE(text(0, PluginListModel::State),
                 QString("The file is not a complete shared library for this computer."));
        QCOMPARE(text(1, PluginListModel::Name), QString("Gaussian blur"));
        QCOMPARE(text(1, PluginListModel::State), QString("In use"));
        QCOMPARE(child<QLabel>(*dialog, "pluginsCount")->text(),
                 QString("3 of 4 plugins are in use."));
        QVERIFY(child<QLabel>(*dialog, "pluginsFolders")->text().contains(m_folder.path()));
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
        QTest::mouseClick(child<QPushButton>(*dialog, "pluginsClose"), Qt::LeftButton);
        QTRY_VERIFY(dialog.isNull());
    }

    void opensAFolder() {
        choose("menuFile", "actionOpenFolder");
        QTRY_VERIFY(m_window->findChild<QFileDialog*>("openFolderDialog"));
        auto* dialog = child<QFileDialog>(*m_window, "openFolderDialog");
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        dialog->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(dialog));
        auto* edit = child<QLineEdit>(*dialog, "fileNameEdit");
        const auto path = m_folder.filePath("spots.ome.zarr");
        QTRY_VERIFY((edit->selectAll(), QTest::keyClicks(edit, path), edit->text() == path));
        QPointer<QFileDialog> gone(dialog);
        auto* accept = child<QDialogButtonBox>(*dialog, "buttonBox")->findChild<QPushButton*>();
        const auto accepted = [&] {
            if (gone && dialog->isVisible() && edit->text() == path && accept->isEnabled())
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

int main(int argc, char** argv) {
    ui::viewer::prepareGraphics();
    QApplication application(argc, argv);
    TestWindowPlugins test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_window_plugins.moc"
