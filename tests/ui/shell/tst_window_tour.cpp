// The tour, in the real window with real clicks.
#include <QDialog>
#include <QDockWidget>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>

#include "tests/ui/discs.h"
#include "tests/ui/runs.h"
#include "tests/ui/shell/window_fixture.h"
#include "ui/model/tour_steps.h"
#include "ui/viewer/graphics.h"

using namespace posteria;

class TestWindowTour : public QObject, test::WindowFixture {
    Q_OBJECT

  public:
    static void initMain() { ui::viewer::prepareGraphics(); }
    TestWindowTour() : WindowFixture({1400, 1000}) {}

  private:
    void click(const char* button) {
        auto* found = child<QPushButton>(button);
        QVERIFY(found->isVisible() && found->isEnabled());
        QTest::mouseClick(found, Qt::LeftButton);
    }
    QString title() { return child<QLabel>("tourTitle")->text(); }
    // As after the second step.
    void drawSamples() {
        add(test::countingStack(test::kDiscSide, 1, "stack"));
        auto* run = m_window->document().startRun(test::requestFor(m_window->document()), false);
        run->take(test::discSnapshot(8));
        QTRY_VERIFY(m_window->isIdle());
    }

  private Q_SLOTS:
    void init() {
        services.samplesFolder = QStringLiteral(POSTERIA_SOURCE_DIR "/resources/samples");
        freshWindow();
    }
    void cleanup() { closeWindow(); }

    void stepsAreThoseOfTheReadme() {
        const auto steps = ui::readTourSteps(
            QStringLiteral("## Other\n### 1. No\n## A first walk\nwords\n### 1. One\n\nDo **it**."
                           "\n\n![p](p.png)\n### 2. Two\nEnd.\n## After\n### 3. No\n"));
        QCOMPARE(steps.size(), std::size_t(2));
        QCOMPARE(steps[0].title, QStringLiteral("One"));
        QCOMPARE(steps[0].text, QStringLiteral("Do **it**."));
        QCOMPARE(steps[1].text, QStringLiteral("End."));
        QVERIFY(ui::readTourSteps(QStringLiteral("# Nothing")).empty());
        QCOMPARE(ui::tourSteps().size(), std::size_t(8));
        for (const auto& step : ui::tourSteps())
            QVERIFY(step.text.size() > 100 && !step.text.contains(QLatin1String("](")));
    }
    void walksForthAndBack() {
        QVERIFY(!child<QDockWidget>("dockTour")->isVisible());
        click("welcomeTour");
        QVERIFY(child<QDockWidget>("dockTour")->isVisible());
        QVERIFY(!child<QPushButton>("tourBack")->isEnabled());
        const auto first = title();
        QVERIFY(first.startsWith(QLatin1String("1 of 8")));
        for (int i = 0; i < 7; ++i)
            click("tourNext");
        QVERIFY(title().startsWith(QLatin1String("8 of 8")));
        click("tourBack");
        QVERIFY(title().startsWith(QLatin1String("7 of 8")));
        click("tourNext");
        click("tourNext");  // Done
        QVERIFY(!child<QDockWidget>("dockTour")->isVisible());
        m_window->beginTour();
        QCOMPARE(title(), first);
    }
    void opensAndRestoresTheSample() {
        click("welcomeTour");
        click("tourNext");
        click("tourShow");  // there is nothing to restore
        QVERIFY(m_window->document().runs().empty());
        click("tourBack");
        click("tourShow");
        QTRY_VERIFY(!m_window->document().isEmpty() && m_window->isIdle());
        QTRY_VERIFY(m_window->modelsListed());
        click("tourNext");
        click("tourShow");
        QTRY_VERIFY(m_window->isIdle() && !m_window->document().runs().empty());
        QVERIFY(m_window->document().activeRun()->keptSamples() > 1);
    }
    void showsWhatTheSamplesTell() {
        drawSamples();
        const auto& view = m_window->document().view();
        auto* run = m_window->document().activeRun();
        m_window->showTourStep(2);
        const int shown = run->shownSample();
        QTRY_VERIFY(run->shownSample() != shown);
        m_window->showTourStep(3);
        QCOMPARE(run->spread(), ui::Run::Spread::Confidence);
        m_window->showTourStep(4);
        QVERIFY(child<QDockWidget>("dockTrust")->isVisible());
        m_window->showTourStep(5);
        QVERIFY(child<QDockWidget>("dockPlots")->isVisible());
        QVERIFY(view.line() && view.bounds().contains(view.line()->p2()));
        m_window->showTourStep(6);
        QTRY_VERIFY(child<QTableView>("objectsTable")->model()->rowCount() > 0);
        QTRY_VERIFY(m_window->isIdle());
        m_window->showTourStep(7);
        auto* dialog = m_window->findChild<QDialog*>(QStringLiteral("figureDialog"));
        QVERIFY(dialog && dialog->isVisible());
        dialog->reject();
    }
};

QTEST_MAIN(TestWindowTour)
#include "tst_window_tour.moc"
