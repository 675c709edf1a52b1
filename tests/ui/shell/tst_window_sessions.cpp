// Sessions in the real window: saved by keys, opened like an image, with a file that has gone.
#include <QCheckBox>
#include <QDir>
#include <QFileDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>

#include "core/io/ome_tiff_writer.h"
#include "tests/ui/runs.h"
#include "tests/ui/shell/window_fixture.h"
#include "ui/widgets/message_bar.h"

using namespace posteria;

class TestWindowSessions : public QObject, test::WindowFixture {
    Q_OBJECT

    void save(const QString& file) {
        // Without a window manager nobody gives it the keys back after a question.
        m_window->activateWindow();
        QTRY_VERIFY(m_window->isActiveWindow());
        QTest::keyClick(m_window.get(), Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(m_window->findChild<QFileDialog*>("saveDialog"));
        auto* name = m_window->findChild<QFileDialog*>("saveDialog")->findChild<QLineEdit*>();
        name->setText(file);
        QTest::keyClick(name, Qt::Key_Return);
        QTRY_VERIFY(!m_window->findChild<QFileDialog*>("saveDialog"));
    }

  public:
    TestWindowSessions() : WindowFixture({1000, 700}) {}

  private Q_SLOTS:
    void initTestCase() {
        ui::widgets::theme::apply(*qApp);
        for (const auto& [name, slices] : {std::pair{"a.ome.tif", 5}, std::pair{"b.ome.tif", 1}})
            io::writeOmeTiff(path(name).toStdString(), {test::countingStack(40, 2, name, slices)});
    }
    void init() { freshWindow(); }
    void cleanup() { closeWindow(); }

    void everythingIsAsItWas() {
        open({path("b.ome.tif"), path("a.ome.tif")});
        auto* front = layers()[1];
        front->setOpacity(0.5);
        auto channel = front->channels()[0];
        channel.colormap = "viridis";
        front->setChannel(0, channel);
        auto& view = m_window->document().view();
        view.setZ(4);
        view.zoomAt({1, 1}, 3);
        m_window->findChild<QAction*>("actionLayoutOrtho")->trigger();
        QTRY_VERIFY(m_window->isIdle());
        const auto center = view.center();
        const auto scale = view.scale();
        save(path("all"));  // the ending is added
        QVERIFY(QFileInfo::exists(path("all.posteria-session")));

        // In a window of another day, after something else was open.
        showWindow();
        open({path("b.ome.tif")});
        open({path("all.posteria-session")});
        QCOMPARE(layers().size(), std::size_t(2));
        front = layers()[1];
        QCOMPARE(m_window->document().selected(), front);
        QCOMPARE(front->opacity(), 0.5);
        QCOMPARE(front->channels()[0].colormap, QString("viridis"));
        QCOMPARE(m_window->document().view().z(), 4);
        QCOMPARE(m_window->document().view().center(), center);
        QCOMPARE(m_window->document().view().scale(), scale);
        QCOMPARE(m_window->canvas()->layoutMode(), ui::viewer::CanvasLayout::Ortho);
        QVERIFY(m_settings->value("files/recent")
                    .toStringList()
                    .contains(path("all.posteria-session")));
    }

    void whatHasGoneIsReportedAndTheRestIsShown() {
        QVERIFY(QFile::copy(path("a.ome.tif"), path("gone.ome.tif")));
        open({path("gone.ome.tif"), path("b.ome.tif")});
        save(path("some.posteria-session"));
        QVERIFY(QFile::remove(path("gone.ome.tif")));
        open({path("some.posteria-session")});
        QCOMPARE(layers().size(), std::size_t(1));
        QCOMPARE(layers()[0]->name(), QString("b.ome.tif"));
        auto* bar = m_window->findChild<ui::widgets::MessageBar*>("messageBar");
        QVERIFY(bar->isVisible());
        QVERIFY2(bar->message().contains("gone.ome.tif"), qPrintable(bar->message()));
    }

    // Nor does one whose images have all gone.
    void aSessionOfNothingReplacesNothing() {
        QVERIFY(QFile::copy(path("a.ome.tif"), path("lost.ome.tif")));
        open({path("lost.ome.tif")});
        save(path("lost.posteria-session"));
        QVERIFY(QFile::remove(path("lost.ome.tif")));
        showWindow();
        open({path("b.ome.tif")});
        open({path("lost.posteria-session")});
        QCOMPARE(layers().size(), std::size_t(1));
        QCOMPARE(layers()[0]->name(), QString("b.ome.tif"));
        QVERIFY(m_window->findChild<ui::widgets::MessageBar*>("messageBar")->isVisible());
    }

    void resultsInMemoryAreKeptAfterAQuestion() {
        open({path("a.ome.tif")});
        auto& document = m_window->document();
        ui::Run* run = document.startRun(test::requestFor(document), false);
        run->take(test::snapshotOf(3, 4));
        run->stop(false);
        QTRY_VERIFY(m_window->isIdle());
        const auto names = [this] {
            QStringList all;
            for (const auto* layer : layers())
                all << layer->name();
            return all;
        };
        const auto before = names();
        save(path("kept.posteria-session"));
        QTRY_VERIFY(m_window->findChild<QMessageBox*>("resultsQuestion"));
        auto* question = m_window->findChild<QMessageBox*>("resultsQuestion");
        QVERIFY2(question->informativeText().contains("40.0 KiB"),  // 5 images of 32² × 2 floats
                 qPrintable(question->informativeText()));
        QVERIFY(!QFileInfo::exists(path("kept.posteria-session")));
        QTest::mouseClick(child<QPushButton>("resultsKeep"), Qt::LeftButton);
        QTRY_VERIFY(QFileInfo::exists(path("kept.posteria-session")));
        QTRY_VERIFY(m_window->isIdle());
        QCOMPARE(QDir(path("kept.results")).entryList(QDir::Files).size(), 3);
        // Saved once more, there is nothing to ask about; the folder may be moved whole.
        save(path("again.posteria-session"));
        QVERIFY(QFileInfo::exists(path("again.posteria-session")));
        QVERIFY(!m_window->findChild<QMessageBox*>("resultsQuestion"));
        QCOMPARE(QDir(path("kept.results")).entryList(QDir::Files).size(), 3);
        QVERIFY(QDir().mkpath(path("elsewhere")));
        for (const char* name : {"kept.posteria-session", "kept.results"})
            QVERIFY(QFile::rename(path(name), path(QString("elsewhere/") + name)));
        QVERIFY(QFile::copy(path("a.ome.tif"), path("elsewhere/a.ome.tif")));
        showWindow();
        open({path("elsewhere/kept.posteria-session")});
        QCOMPARE(names(), before);
        QCOMPARE(m_window->document().runs().size(), std::size_t(1));
        const auto& again = *m_window->document().runs()[0];
        QCOMPARE(again.keptSamples(), 3);
        QCOMPARE(again.snapshot()->kept[2]->readPlane({}).value(5, 5), 2.0);
        QCOMPARE(again.mean()->stack()->readPlane({}).value(5, 5), 10.0);
        QCOMPARE(m_window->document().panes().size(), std::size_t(4));
        QVERIFY(!m_window->lastError());
        // One of its files has gone: the rest is shown.
        const auto samples = again.snapshot()->kept[0]->info().path;
        QVERIFY(QFile::remove(QString::fromStdString(samples)));
        showWindow();
        open({path("elsewhere/kept.posteria-session")});
        QCOMPARE(m_window->document().runs().size(), std::size_t(1));
        QCOMPARE(m_window->document().runs()[0]->keptSamples(), 0);
        QVERIFY(m_window->lastError());
    }

    void resultsCanBeLeftOutForGood() {
        open({path("a.ome.tif")});
        auto& document = m_window->document();
        ui::Run* run = document.startRun(test::requestFor(document), false);
        run->take(test::snapshotOf(2, 4));
        run->stop(false);
        QTRY_VERIFY(m_window->isIdle());
        save(path("bare.posteria-session"));
        QTRY_VERIFY(m_window->findChild<QMessageBox*>("resultsQuestion"));
        child<QCheckBox>("resultsAlways")->setChecked(true);
        QTest::mouseClick(child<QPushButton>("resultsLeaveOut"), Qt::LeftButton);
        QTRY_VERIFY(QFileInfo::exists(path("bare.posteria-session")));
        QVERIFY(!QFileInfo::exists(path("bare.results")));
        QTRY_VERIFY(!m_window->findChild<QMessageBox*>("resultsQuestion"));
        save(path("bare2.posteria-session"));
        QVERIFY(!m_window->findChild<QMessageBox*>("resultsQuestion"));
        QVERIFY(QFileInfo::exists(path("bare2.posteria-session")));
    }

    void resultsAreNotLostWithoutAQuestion() {
        open({path("a.ome.tif")});
        save(path("one.posteria-session"));
        auto& document = m_window->document();
        ui::Run* run = document.startRun(test::requestFor(document), false);
        run->take(test::snapshotOf(2, 4));
        run->stop(false);
        QTRY_VERIFY(m_window->isIdle());
        m_window->open({path("one.posteria-session")});
        QTRY_VERIFY(m_window->findChild<QMessageBox*>("sessionQuestion"));
        m_window->findChild<QMessageBox*>("sessionQuestion")->reject();
        QTRY_VERIFY(!m_window->findChild<QMessageBox*>("sessionQuestion"));
        QCOMPARE(layers().size(), std::size_t(4));
        m_window->open({path("one.posteria-session")});
        QTRY_VERIFY(m_window->findChild<QPushButton*>("sessionReplace"));
        QTest::mouseClick(m_window->findChild<QPushButton*>("sessionReplace"), Qt::LeftButton);
        QTRY_COMPARE(layers().size(), std::size_t(1));
        QTRY_VERIFY(m_window->isIdle());
    }

    // What is open stays where a session cannot be read.
    void aBadSessionReplacesNothing() {
        open({path("a.ome.tif")});
        QFile bad(path("bad.posteria-session"));
        QVERIFY(bad.open(QIODevice::WriteOnly) && bad.write("{\"format\": 1}") > 0);
        bad.close();
        for (const char* name : {"bad.posteria-session", "none.posteria-session"}) {
            open({path(name)});
            QCOMPARE(layers().size(), std::size_t(1));
            auto* bar = m_window->findChild<ui::widgets::MessageBar*>("messageBar");
            QVERIFY2(bar->message().contains(name), qPrintable(bar->message()));
            while (bar->count() > 0)
                bar->closeCurrent();
        }
    }
};

QTEST_MAIN(TestWindowSessions)
#include "tst_window_sessions.moc"
