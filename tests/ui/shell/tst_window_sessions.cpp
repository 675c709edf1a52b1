// Sessions in the real window: saved by keys, opened like an image, with a file that has gone.
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
