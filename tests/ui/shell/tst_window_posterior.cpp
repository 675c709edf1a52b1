// A posterior in the hands of its user: more samples, enough samples, runs side by side, figures of
// regions, what speaks for and against a result, and where it comes from; by clicks and keys.
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QTableView>
#include <QToolButton>
#include <cstring>

#include "core/io/ome_tiff_writer.h"
#include "tests/ui/shell/window_fixture.h"
#include "ui/model/marks.h"
#include "ui/viewer/graphics.h"
#include "ui/viewer/linked_panes.h"
#include "ui/widgets/region_panel.h"

using namespace posteria;
using ui::Run;
using ui::viewer::LinkedPanes;

namespace {

bool sameBits(const image::StackPtr& a, const image::StackPtr& b) {
    if (!a || !b || a->shape().c != b->shape().c) return false;
    for (std::int64_t c = 0; c < a->shape().c; ++c) {
        const auto p = a->readPlane({0, c, 0}), q = b->readPlane({0, c, 0});
        if (p.size() != q.size() ||
            std::memcmp(p.data(), q.data(), std::size_t(p.size()) * sizeof(float)) != 0)
            return false;
    }
    return true;
}

}  // namespace

class TestWindowPosterior : public QObject, test::WindowFixture {
    Q_OBJECT

  public:
    TestWindowPosterior() : WindowFixture({1300, 950}) {}
    static void initMain() { ui::viewer::prepareGraphics(); }

  private:
    std::shared_ptr<engine::RestorationRequest> m_seen;
    test::FakeEngineSettings m_engine;

    Run* run() { return m_window->document().activeRun(); }
    LinkedPanes* panes() { return child<LinkedPanes>("linkedPanes"); }
    void ended() {
        QTRY_VERIFY(run() && run()->state() == Run::State::Finished);
        QTRY_VERIFY(m_window->isIdle());
    }
    void restored(int samples = 4) {
        add(test::countingStack(96));
        QTRY_VERIFY(m_window->modelsListed());
        child<QSpinBox>("samplesSpin")->setValue(samples);
        click<QPushButton>("runButton");
        ended();
    }
    template <class W>
    void click(const char* name) {
        auto* widget = child<W>(name);
        QVERIFY2(widget->isVisible() && widget->isEnabled(), name);
        const QPoint place = qobject_cast<QCheckBox*>(widget) ? QPoint(8, widget->height() / 2)
                                                              : widget->rect().center();
        QTest::mouseClick(widget, Qt::LeftButton, {}, place);
    }
    void drag(const QPointF& from, const QPointF& to) {
        const auto at = [this](const QPointF& p) { return panes()->fromPosition(p, 2).toPoint(); };
        QTest::mousePress(panes(), Qt::LeftButton, {}, at(from));
        QTest::mouseMove(panes(), at((from + to) / 2));
        QTest::mouseMove(panes(), at(to));
        QTest::mouseRelease(panes(), Qt::LeftButton, {}, at(to));
    }

  private Q_SLOTS:
    void initTestCase() { ui::widgets::theme::apply(*qApp); }
    void init() {
        m_seen = std::make_shared<engine::RestorationRequest>();
        m_engine = {};
        m_engine.seen = m_seen;
        services.engine = [this] { return std::make_unique<test::FakeEngine>(m_engine); };
        freshWindow();
    }
    void cleanup() { closeWindow(); }

    void moreSamplesAreTheOnesThatWouldHaveCome() {
        restored(7);
        const auto whole = run()->snapshot();
        closeWindow();
        freshWindow();
        restored(3);
        Run* first = run();
        const auto kept = first->snapshot()->kept;
        auto* more = child<QPushButton>("moreButton");
        child<QSpinBox>("samplesSpin")->setValue(4);
        QCOMPARE(more->text(), QString("Add 4 Samples"));
        click<QPushButton>("moreButton");
        QCOMPARE(run(), first);
        QVERIFY(!more->isVisible());  // while it runs
        ended();
        QCOMPARE(m_seen->finished.size(), 3u);
        QCOMPARE(m_seen->samples, 7);
        QCOMPARE(m_seen->tile, 64);  // as it was chosen for the first
        QCOMPARE(run(), first);
        QCOMPARE(run()->keptSamples(), 7);
        QCOMPARE(m_window->document().runs().size(), 1u);
        QCOMPARE(run()->mean()->name(), QString("mean (n=7)"));
        QVERIFY(sameBits(run()->snapshot()->mean, whole->mean));
        QVERIFY(sameBits(run()->snapshot()->std, whole->std));
        for (std::size_t k = 0; k < 7; ++k)
            QVERIFY(sameBits(run()->snapshot()->kept[k], whole->kept[k]));
        QVERIFY(more->isVisible());
    }

    void aRunCanBeToldWhatIsEnough() {
        add(test::countingStack(96));
        QTRY_VERIFY(m_window->modelsListed());
        click<QCheckBox>("enoughCheck");
        auto* percent = child<QDoubleSpinBox>("enoughPercent");
        percent->setFocus();
        percent->selectAll();
        QTest::keyClicks(percent, "1.5");
        QTest::keyClick(percent, Qt::Key_Return);
        click<QPushButton>("runButton");
        ended();
        QCOMPARE(m_seen->enough.relativeError, 0.015);
        QVERIFY(m_seen->enough.region == view().visiblePixels());
        // Around a shape that is drawn.
        child<QAction>("actionNewShapes")->trigger();
        QTRY_VERIFY(m_window->isIdle());
        drag({2.0, 3.0}, {5.0, 4.95});
        QTRY_COMPARE(m_window->document().overlays().size(), 1u);
        auto* where = child<QComboBox>("enoughWhere");
        where->setFocus();
        QTest::keyClick(where, Qt::Key_Down);
        click<QPushButton>("runButton");
        ended();
        const auto& r = m_seen->enough.region;
        QVERIFY2(std::abs(double(r.x) - 20) <= 2 && std::abs(double(r.y) - 30) <= 2 &&
                     std::abs(double(r.width) - 31) <= 3 && std::abs(double(r.height) - 20) <= 3,
                 qPrintable(QString("%1 %2 %3 %4").arg(r.x).arg(r.y).arg(r.width).arg(r.height)));
    }

    void runsAreShownSideBySide() {
        restored(2);
        child<QSpinBox>("stepsSpin")->setValue(3);
        click<QPushButton>("runButton");
        ended();
        QCOMPARE(m_window->document().runs().size(), 2u);
        child<QAction>("actionCompareRuns")->trigger();
        QTRY_VERIFY(m_window->isIdle());
        QCOMPARE(panes()->paneRect(2).isEmpty(), false);
        QCOMPARE(panes()->paneRect(3).isEmpty(), true);
        // Each pane tells its settings, as does the group in the list.
        const auto& document = m_window->document();
        for (const auto& run : document.runs())
            QVERIFY(run->settingsText().contains("2 samples"));
        QVERIFY(document.runs()[0]->settingsText().contains("8 steps"));
        QVERIFY(document.runs()[1]->settingsText().contains("3 steps"));
        child<QAction>("actionCompareOff")->trigger();
        QTRY_VERIFY(!panes()->paneRect(3).isEmpty());
    }

    void regionsHaveFiguresWithIntervals() {
        restored(6);
        press(Qt::Key_M);
        auto* panel = child<ui::widgets::RegionPanel>("regionPanel");
        QTRY_VERIFY(panel->isVisible());
        QTRY_VERIFY(child<QLabel>("regionMessage")->text().contains("Draw"));
        child<QAction>("actionNewShapes")->trigger();
        QTRY_VERIFY(m_window->isIdle());
        drag({2.04, 3.04}, {5.06, 4.96});
        auto* table = child<QTableView>("regionView");
        QTRY_COMPARE(table->model()->rowCount(), 2);  // a row a channel
        const auto& mark =
            qobject_cast<ui::MarkLayer*>(m_window->document().overlays()[0])->marks()[0];
        // By hand, over pixels whose centres lie inside.
        std::vector<double> means;
        double count = 0;
        for (const auto& sample : run()->snapshot()->kept) {
            const auto plane = sample->readPlane({0, 1, 0});
            double sum = 0;
            count = 0;
            for (int y = 0; y < 96; ++y) {
                for (int x = 0; x < 96; ++x) {
                    if (!ui::contains(mark, view().fromPixel({double(x), double(y)}))) continue;
                    sum += plane.value(x, y);
                    count += 1;
                }
            }
            means.push_back(sum / count);
        }
        std::sort(means.begin(), means.end());
        const double median = (means[2] + means[3]) / 2,
                     q05 = means[0] + 0.25 * (means[1] - means[0]),
                     q95 = means[4] + 0.75 * (means[5] - means[4]);
        const auto line = panel->table().csv().split('\n')[2].split(',');
        const auto head = panel->table().csv().split('\n')[0].split(',');
        const auto value = [&](const char* name) {
            return line[head.indexOf(QLatin1String(name))].toDouble();
        };
        QVERIFY(std::abs(value("mean_median") / median - 1) < 1e-6);
        QVERIFY(std::abs(value("mean_q05") / q05 - 1) < 1e-6);
        QVERIFY(std::abs(value("mean_q95") / q95 - 1) < 1e-6);
        QVERIFY(std::abs(value("integrated_median") / (median * count) - 1) < 1e-6);
        QVERIFY(std::abs(value("area_um2") / (count * 0.01) - 1) < 1e-6);
        QCOMPARE(value("samples"), 6.0);
        QVERIFY(table->model()->index(1, 3).data().toString().contains(
            QString::number(median, 'g', 4)));
        // The threshold is the channel's own.
        const double all = value("area_above_um2_median");
        run()->setThreshold(1, run()->thresholdRanges()[1].high);
        QTRY_VERIFY(panel->table()
                            .csv()
                            .split('\n')[2]
                            .split(',')[head.indexOf(QStringLiteral("area_above_um2_median"))]
                            .toDouble() < all ||
                    all == 0);
        QVERIFY(child<QPushButton>("regionSave")->isEnabled());
        press(Qt::Key_Delete);
        m_window->document().remove(m_window->document().overlays()[0]);
        QTRY_COMPARE(table->model()->rowCount(), 0);
    }

    // Coarse first, then as set; what is newer wins, and what was shown stays until it comes.
    void settingsAreTriedOutLive() {
        m_engine.networkCall = std::chrono::milliseconds(20);
        closeWindow();
        freshWindow();
        add(test::countingStack(96));
        QTRY_VERIFY(m_window->modelsListed());
        click<QCheckBox>("liveCheck");
        QTRY_VERIFY(run() && run()->isPreview());
        ended();
        Run* preview = run();
        QTRY_COMPARE(m_seen->samples, 4);  // the coarse one came before
        QTRY_COMPARE(preview->keptSamples(), 4);
        QCOMPARE(m_seen->steps, 8);
        QTRY_VERIFY(m_window->isIdle());
        const auto before = preview->mean()->stack();
        auto* severity = child<QSlider>("severitySlider");
        click<QCheckBox>("autoSeverity");
        std::vector<int> samples;
        connect(preview, &Run::samplesChanged, this, [&] {
            if (preview->snapshot()) samples.push_back(preview->snapshot()->requested);
        });
        // A slider that is dragged: only the last value is restored to the end.
        for (const int x : {20, 30, 40, 60, 70}) {
            QTest::mouseClick(severity, Qt::LeftButton, {}, {x, severity->height() / 2});
            QTest::qWait(15);
            QVERIFY(preview->mean()->stack());
        }
        const double wished = *m_window->settings().severity();
        QTRY_VERIFY(m_seen->severity == wished && m_seen->samples == 4 &&
                    preview->state() == Run::State::Finished);
        QCOMPARE(run(), preview);
        QCOMPARE(m_window->document().runs().size(), 1u);
        QVERIFY(preview->mean()->stack() != before);
        QVERIFY(!samples.empty() && samples.front() == 1 && samples.back() == 4);
        // Another part comes into view.
        QTRY_VERIFY(m_window->isIdle());
        view().zoomAt(view().center(), 3);
        QTRY_VERIFY(m_seen->selection.roi == view().visiblePixels() && m_seen->samples == 4 &&
                    preview->state() == Run::State::Finished);
        QTRY_COMPARE(preview->mean()->placement().x, view().visiblePixels().x);
        // Settings are undone like anything else, and restored anew.
        const auto text = child<QAction>("actionUndo")->text();
        press(Qt::Key_Z, Qt::ControlModifier);  // the zoom
        press(Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY2(m_window->settings().severity() != wished, qPrintable(text));
        QTRY_VERIFY(m_seen->severity == m_window->settings().severity());
        QTRY_VERIFY(preview->state() == Run::State::Finished);
        // Without it nothing happens by itself.
        click<QCheckBox>("liveCheck");
        QTRY_VERIFY(m_window->isIdle());
        const auto last = preview->snapshot();
        child<QSpinBox>("stepsSpin")->setValue(5);
        QTest::qWait(300);
        QCOMPARE(preview->snapshot(), last);
    }

    void aClickTakesAValueThatWasTried() {
        add(test::countingStack(96));
        QTRY_VERIFY(m_window->modelsListed());
        auto* strip = child<QWidget>("sweepStrip");
        QVERIFY(!strip->isVisible());
        child<QAction>("actionSweepSeverity")->trigger();
        QTRY_VERIFY(strip->isVisible());
        QTRY_VERIFY(m_window->isIdle());
        QTRY_COMPARE(m_seen->severity, std::optional<double>(0.9));  // the last of seven
        QTRY_VERIFY(!child<QAction>("actionCancel")->isEnabled());
        QCOMPARE(m_window->document().layers().size(), 1u);  // nothing but pictures
        QVERIFY(!m_window->settings().severity());
        click<QToolButton>("sweepTrial2");
        QVERIFY(std::abs(m_window->settings().severity().value_or(0) - (0.1 + 0.8 / 3)) < 1e-9);
        press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(!m_window->settings().severity());
        child<QAction>("actionSweepSteps")->trigger();
        QTRY_COMPARE(m_seen->steps, 64);
        QTRY_VERIFY(!child<QAction>("actionCancel")->isEnabled());
        click<QToolButton>("sweepTrial4");
        QCOMPARE(m_window->settings().steps(), 16);
        click<QToolButton>("sweepClose");
        QVERIFY(!strip->isVisible());
    }

    void whatSpeaksAgainstAResultIsSaid() {
        m_engine.trust.distance = 2.5;
        m_engine.trust.saturated = 0;
        m_engine.trust.calibrated = true;
        m_engine.trust.meanError = 0.01;
        closeWindow();
        freshWindow();
        QVERIFY(!child<QPushButton>("trustButton")->isVisible());
        restored(3);
        auto* button = child<QPushButton>("trustButton");
        QTRY_VERIFY(button->isVisible());
        QCOMPARE(button->text(), QString("Do not rely on this: 1 warning"));
        auto* dock = child<QDockWidget>("dockTrust");
        QVERIFY(!dock->isVisible());
        click<QPushButton>("trustButton");
        QTRY_VERIFY(dock->isVisible());
        QCOMPARE(child<QLabel>("trustVerdict")->text(), button->text());
        auto* kind = child<QWidget>("trust:kind");
        QVERIFY(kind->findChild<QLabel*>("trustAdvice"));
        QVERIFY(!child<QWidget>("trust:saturation")->findChild<QLabel*>("trustAdvice"));
        // The one that fires stands first.
        QVERIFY(kind->mapTo(dock, QPoint()).y() <
                child<QWidget>("trust:saturation")->mapTo(dock, QPoint()).y());
        QVERIFY(!child<QPushButton>("trustResidual")->isVisible());  // the engine made none
        m_window->document().remove(run()->mean());
        QTRY_VERIFY(!m_window->findChild<QWidget*>("trust:kind"));
    }

    void aResultKnowsWhereItComesFrom() {
        const QString file = path("spots.ome.tif");
        io::writeOmeTiff(file.toStdString(), {test::countingStack(64)});
        open({file});
        QTRY_VERIFY(m_window->modelsListed());
        child<QSpinBox>("samplesSpin")->setValue(3);
        click<QPushButton>("runButton");
        ended();
        const auto first = run()->snapshot();
        child<QAction>("actionCopyCommand")->trigger();
        const QString command = QApplication::clipboard()->text();
        QVERIFY2(command.startsWith("posteria-cli restore " + file + " --model "),
                 qPrintable(command));
        for (const char* part :
             {" --samples 3 ", " --tile 64 ", " --overlap 16 ", " --precision fp32", " --seed 1 "})
            QVERIFY2(command.contains(QLatin1String(part)), qPrintable(command + " " + part));
        // Which image and which weights they were.
        QTRY_VERIFY(run()->parameters().contains("input sha256: "));
        QVERIFY(run()->parameters().contains("model sha256: 0123456789abcdef"));
        QVERIFY(run()->parameters().contains(command));
        child<QAction>("actionRepeatRun")->trigger();
        ended();
        QCOMPARE(m_window->document().runs().size(), 2u);
        QCOMPARE(run()->number(), 2);
        QCOMPARE(m_seen->tile, 64);
        QVERIFY(m_seen->precision == engine::Precision::Float32);
        for (std::size_t k = 0; k < 3; ++k)
            QVERIFY(sameBits(run()->snapshot()->kept[k], first->kept[k]));
        QVERIFY(sameBits(run()->snapshot()->mean, first->mean));
    }
};

QTEST_MAIN(TestWindowPosterior)
#include "tst_window_posterior.moc"
