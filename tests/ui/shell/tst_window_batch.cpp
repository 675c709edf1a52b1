// Layers ▸ Filter ▸ Batch Restore… in the real window, with the mouse and keys: files come by
// folder, pattern and drop, run behind what the window restores, and end in files and a page.
#include <QCheckBox>
#include <QDir>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QToolButton>

#include "core/io/ome_tiff_writer.h"
#include "tests/ui/shell/window_fixture.h"
#include "ui/shell/batch_window.h"

using namespace posteria;
using ui::BatchQueue;
using ui::shell::BatchWindow;

class TestWindowBatch : public QObject, test::WindowFixture {
    Q_OBJECT

    BatchWindow* m_batch = nullptr;
    QString m_data;  // of this test function

    QString makeImage(const QString& name) const {
        const auto path = m_data + '/' + name;
        QDir().mkpath(QFileInfo(path).path());
        io::writeOmeTiff(path.toStdString(), {test::countingStack(32)});
        return path;
    }
    template <class W>
    W* part(const char* name) const {
        return test::child<W>(*m_batch, name);
    }
    void click(const char* name) const {
        auto* button = part<QPushButton>(name);
        QVERIFY2(button->isVisible() && button->isEnabled(), name);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    void type(const char* name, const QString& text) const {
        auto* edit = part<QLineEdit>(name);
        QTest::mouseClick(edit, Qt::LeftButton);
        edit->selectAll();
        QTest::keyClicks(edit, text);
        QCOMPARE(edit->text(), text);
    }
    void showBatch() {
        child<QAction>("actionBatch")->trigger();
        m_batch = child<BatchWindow>("batchWindow");
        QVERIFY(QTest::qWaitForWindowExposed(m_batch));
        m_batch->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_batch));
    }
    QString state(int row) const {
        return part<QTableView>("batchTable")
            ->model()
            ->index(row, BatchQueue::Progress)
            .data()
            .toString();
    }
    bool isThrough() const { return m_batch->run().state() == ui::BatchRun::State::Idle; }

  public:
    TestWindowBatch() : WindowFixture({1100, 800}) {}

  private Q_SLOTS:
    void initTestCase() { ui::widgets::theme::apply(*qApp); }
    void init() {
        services.models = [] {
            return std::vector<package::ModelPackage>{package::readPackage(
                POSTERIA_SOURCE_DIR "/resources/models/split-filaments-vesicles.posteria")};
        };
        m_data = path(QLatin1String(QTest::currentTestFunction()));
        freshWindow();
        QTRY_VERIFY(m_window->modelsListed());
    }
    void cleanup() { closeWindow(); }

    void aFolderIsRestoredFromTheWelcomePage() {
        makeImage("cell_1.tif");
        makeImage("cell_2.tif");
        makeImage("cell_10.tif");
        QTest::mouseClick(child<QPushButton>("welcomeBatch"), Qt::LeftButton);
        m_batch = child<BatchWindow>("batchWindow");
        QVERIFY(QTest::qWaitForWindowExposed(m_batch));
        QVERIFY(part<QLabel>("batchEmpty")->isVisible());
        QVERIFY(!part<QPushButton>("batchStart")->isEnabled());
        type("batchPattern", m_data + "/cell_*.tif");
        QTest::keyClick(part<QLineEdit>("batchPattern"), Qt::Key_Return);
        auto* table = part<QTableView>("batchTable");
        QTRY_COMPARE(table->model()->rowCount(), 3);
        QCOMPARE(table->model()->index(1, 0).data().toString(), QString("cell_2.tif"));
        QCOMPARE(part<QLineEdit>("batchFolder")->text(), m_data + "/restored");
        QVERIFY(!part<QLabel>("batchEmpty")->isVisible());
        part<QSpinBox>("batchSamples")->setValue(3);
        click("batchStart");
        QVERIFY(!m_window->isIdle());
        QVERIFY(!part<QSpinBox>("batchSamples")->isEnabled());
        QTRY_VERIFY(child<QToolButton>("activityBatch")->isVisible());
        QTRY_VERIFY(m_window->isIdle());
        for (int row = 0; row < 3; ++row)
            QCOMPARE(state(row), QString("done"));
        QVERIFY(QFile::exists(m_data + "/restored/cell_10.std.ome.tif"));
        QVERIFY(part<QPushButton>("batchSummary")->isVisible());
        QVERIFY(QFile::exists(m_data + "/restored/summary.html"));
        QVERIFY(!child<QToolButton>("activityBatch")->isVisible());

        // A result is looked at in the window it came from.
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                          table->visualRect(table->model()->index(1, 0)).center());
        click("batchOpen");
        QTRY_COMPARE(layers().size(), std::size_t(3));
        QTRY_VERIFY(m_window->isIdle());
    }

    void droppedFilesAreAddedAndFailuresTriedAgain() {
        const auto good = makeImage("good.tif"), bad = m_data + "/bad.tif";
        QFile file(bad);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("no image") > 0);
        file.close();
        showBatch();
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(bad), QUrl::fromLocalFile(good)});
        QDragEnterEvent enter({50, 50}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(m_batch, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop({50, 50}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(m_batch, &drop);
        QTRY_COMPARE(m_batch->queue().rowCount(), 2);
        part<QSpinBox>("batchSamples")->setValue(2);
        click("batchStart");
        QTRY_VERIFY(m_window->isIdle());
        QCOMPARE(state(0), QString("failed"));
        QCOMPARE(state(1), QString("done"));
        QVERIFY(m_batch->queue().files()[0].note.contains("bad.tif"));
        makeImage("bad.tif");
        click("batchRetry");
        click("batchStart");
        QTRY_VERIFY(m_window->isIdle());
        QCOMPARE(state(0), QString("done"));
    }

    void resultsThatAreThereAreTold() {
        makeImage("a.tif");
        makeImage("b.tif");
        QDir(m_data).mkdir("restored");
        QFile report(m_data + "/restored/a.report.json");
        QVERIFY(report.open(QIODevice::WriteOnly) && report.write("{}") == 2);
        report.close();
        showBatch();
        m_batch->add({m_data});
        auto* existing = part<QLabel>("batchExisting");
        QTRY_VERIFY(existing->isVisible() && existing->text().contains("replaced"));
        QTest::mouseClick(part<QCheckBox>("batchKeep"), Qt::LeftButton, {}, {8, 8});
        QVERIFY(part<QCheckBox>("batchKeep")->isChecked());
        QVERIFY2(existing->text().startsWith("1 of") && existing->text().contains("kept"),
                 qPrintable(existing->text()));
        // What is not found is said.
        m_batch->add({m_data + "/nothing_*.tif"});
        QTRY_VERIFY(
            part<QLabel>("batchMessage")->text().contains("No image has a name like this."));
    }

    void itPausesGoesOnAndIsCancelled() {
        makeImage("a.tif");
        makeImage("b.tif");
        showBatch();
        m_batch->add({m_data});
        QTRY_COMPARE(m_batch->queue().rowCount(), 2);
        part<QSpinBox>("batchSamples")->setValue(60);
        click("batchStart");
        QTRY_VERIFY(m_batch->queue().files()[0].fraction > 0.05);
        click("batchPause");
        QTRY_COMPARE(state(0), QString("paused"));
        QVERIFY(m_window->isIdle());  // nothing is under way
        QCOMPARE(part<QPushButton>("batchPause")->text(), QString("Resume"));
        click("batchPause");
        QTRY_VERIFY(m_batch->queue().running() == 0);
        click("batchCancel");
        QTRY_VERIFY(isThrough());
        QCOMPARE(state(0), QString("cancelled"));
        QCOMPARE(state(1), QString("waiting"));
        QVERIFY(QDir(m_data + "/restored").entryList({"*.tif"}).isEmpty());
    }

    void theWindowsOwnRestorationGoesFirst() {
        makeImage("a.tif");
        open({makeImage("looked_at.tif")});
        showBatch();
        m_batch->add({m_data + "/a.tif"});
        QTRY_COMPARE(m_batch->queue().rowCount(), 1);
        part<QSpinBox>("batchSamples")->setValue(30);
        click("batchStart");
        QTRY_VERIFY(m_batch->queue().files()[0].fraction > 0.05);
        m_window->settings().setSamples(8);
        m_window->restore(false);
        QTRY_VERIFY(part<QLabel>("batchMessage")->text().contains("goes first"));
        QTRY_COMPARE(m_window->document().activeRun()->keptSamples(), 8);
        QVERIFY(!isThrough());
        QTRY_VERIFY_WITH_TIMEOUT(m_window->isIdle(), 10000);
        QCOMPARE(state(0), QString("done"));
    }

    void closingAsksWhileItRuns() {
        makeImage("a.tif");
        showBatch();
        m_batch->add({m_data});
        QTRY_COMPARE(m_batch->queue().rowCount(), 1);
        part<QSpinBox>("batchSamples")->setValue(1000);
        click("batchStart");
        QTRY_VERIFY(m_batch->queue().running() == 0);
        m_batch->close();
        QVERIFY(!m_window->isIdle());  // it goes on behind
        QVERIFY(!m_window->close());
        QVERIFY(m_window->isVisible());
        closeWindow();  // ends the run
    }
};

QTEST_MAIN(TestWindowBatch)
#include "tst_window_batch.moc"
