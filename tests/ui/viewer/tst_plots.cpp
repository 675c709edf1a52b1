// Plots of a run: what is read against what was put in, the chart's picture, and the panel with a
// real mouse on real panes.
#include <QFile>
#include <QLabel>
#include <QSignalSpy>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QVBoxLayout>
#include <cmath>

#include "tests/ui/runs.h"
#include "tests/ui/viewer/image_baseline.h"
#include "ui/viewer/linked_panes.h"
#include "ui/viewer/plots_panel.h"
#include "ui/viewer/posterior_chart.h"
#include "ui/viewer/reliability_chart.h"

using namespace posteria;
using namespace posteria::ui;
using viewer::PlotsPanel;

namespace {

constexpr int kSide = 32;

// A run on a counting image of 0.1 µm pixels; sample k is k everywhere.
Run* startRun(Document& document) {
    document.addImage(test::countingStack(kSide, 1, "cells"));
    Run* run = document.startRun(test::requestFor(document), false);
    run->take(test::snapshotOf(4, 4, kSide));
    return run;
}

int pixelsLike(const QImage& image, const QColor& color) {
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            const QColor at = image.pixelColor(x, y);
            count += std::abs(at.red() - color.red()) < 40 &&
                     std::abs(at.green() - color.green()) < 40 &&
                     std::abs(at.blue() - color.blue()) < 40;
        }
    return count;
}

}  // namespace

class TestPlots : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void aPixelIsThatOfEverySample() {
        Document document;
        Run* run = startRun(document);
        const auto plot =
            plotPixel(PlotSource::of(*run, document.view()), {0.52, 0.29});  // pixel (5, 3)
        QCOMPARE(plot.channels.size(), std::size_t(2));
        QCOMPARE(plot.channels[1].samples, (std::vector<double>{0, 1, 2, 3}));
        QCOMPARE(plot.channels[0].mean, 10.0);
        QVERIFY(std::abs(plot.channels[0].q05 - 0.15) < 1e-9);
        QCOMPARE(plot.input.value(), 3.0 * kSide + 5);
        QCOMPARE(plot.csv(), QString("sample,\"channel 1\",\"channel 2\"\n1,0,0\n2,1,1\n3,2,2\n"
                                     "4,3,3\n"));
        // One channel where one is shown, none beyond the image.
        document.view().setChannelCount(2);
        document.view().setChannel(1);
        QCOMPARE(plotPixel(PlotSource::of(*run, document.view()), {0.5, 0.3}).channels.size(),
                 std::size_t(1));
        QVERIFY(plotPixel(PlotSource::of(*run, document.view()), {50, 0.3}).channels.empty());
    }

    // A preview covers a part of the input: its pixels lie elsewhere in their own stack.
    void aRegionsResultsAreWhereTheyBelong() {
        Document document;
        document.addImage(test::countingStack(kSide));
        auto request = test::requestFor(document);
        request.selection.roi = {8, 4, 16, 16};
        Run* run = document.startRun(request, true);
        auto snapshot = std::make_shared<posterior::Snapshot>(*test::snapshotOf(2, 4, 16));
        snapshot->region = {8, 4, 16, 16};
        snapshot->kept[1] = test::countingStack(16, 2);
        run->take(snapshot);
        const auto plot =
            plotPixel(PlotSource::of(*run, document.view()), {1.0, 0.6});  // pixel (10, 6)
        QCOMPARE(plot.channels.at(0).samples, (std::vector<double>{0, 2 * 16 + 2}));
        QCOMPARE(plot.input.value(), 6.0 * kSide + 10);
        QVERIFY(plotPixel(PlotSource::of(*run, document.view()), {0.2, 0.2}).channels.empty());
    }

    void aLineHasBandsAndTheInput() {
        Document document;
        Run* run = startRun(document);
        const auto plot =
            plotLine(PlotSource::of(*run, document.view()), {{0.2, 0.5}, {1.2, 0.5}});  // row 5
        QCOMPARE(plot.distance.size(), std::size_t(11));
        QVERIFY(std::abs(plot.distance.back() - 1) < 1e-12);
        QCOMPARE(plot.unit, QString("µm"));
        QVERIFY(std::abs(plot.input[4] - (5 * kSide + 6)) < 1e-6);
        QCOMPARE(plot.channels.at(0).bands.median[7], 1.5);
        QVERIFY(std::abs(plot.channels.at(1).bands.q95[0] - 2.85) < 1e-9);
        const auto csv = plot.csv().split('\n');
        QCOMPARE(csv.size(), 13);
        QVERIFY(csv[0].startsWith("\"distance (µm)\",input,\"channel 1 mean\""));
        QVERIFY(csv[1].startsWith("0,162,10,1.5,0.15,"));
    }

    void theChartShowsTheChannelsColourAndIsSaved() {
        Document document;
        Run* run = startRun(document);
        viewer::PosteriorChart chart;
        chart.resize(320, 240);
        chart.clear("nothing");
        const QColor color(0, 255, 0);
        QCOMPARE(pixelsLike(chart.grab().toImage(), color), 0);
        auto plot = plotPixel(PlotSource::of(*run, document.view()), {0.5, 0.3});
        plot.channels.resize(1);
        plot.channels[0].color = color;
        plot.channels[0].mean = 1.5;
        chart.setPlot(plot, "grey values");
        QVERIFY(!chart.isBlank());
        QVERIFY(pixelsLike(chart.grab().toImage(), color) > 200);

        const QTemporaryDir folder;
        for (const QString ending : {"png", "svg"}) {
            const auto path = folder.filePath("plot." + ending);
            QVERIFY(chart.save(path));
            QVERIFY(QFile(path).size() > 500);
        }
        QCOMPARE(QImage(folder.filePath("plot.png")).size(), QSize(640, 480));
        QFile svg(folder.filePath("plot.svg"));
        QVERIFY(svg.open(QIODevice::ReadOnly));
        QVERIFY(svg.readAll().contains("grey values"));  // words stay words
        QVERIFY(!chart.save(folder.filePath("none/plot.png")));
        QVERIFY(!chart.save(folder.filePath("none/plot.svg")));
    }

    // Two channels: one errs half as much again as predicted, the other four fifths as much.
    void theReliabilityPlotIsDrawnAsItWas() {
        ReliabilityPlot plot;
        plot.limit = 0.6;
        plot.channels.resize(2);
        plot.channels[0].color = QColor(0, 255, 0);
        plot.channels[0].slope = 1.5;
        plot.channels[1].color = QColor(255, 0, 255);
        plot.channels[1].slope = 0.8;
        for (int i = 1; i <= 15; ++i) {
            const double x = 0.025 * i;
            plot.channels[0].predicted.push_back(x);
            plot.channels[0].observed.push_back(1.5 * x);
            plot.channels[1].predicted.push_back(1.2 * x);
            plot.channels[1].observed.push_back(0.96 * x + (i % 2 ? 0.02 : -0.02));
        }
        viewer::ReliabilityChart chart;
        chart.resize(360, 320);
        chart.clear("nothing");
        QVERIFY(chart.isBlank());
        chart.setPlot(plot);
        QVERIFY(!chart.isBlank());
        const auto picture = chart.grab().toImage().convertToFormat(QImage::Format_RGB32);
        QVERIFY(pixelsLike(picture, QColor(0, 255, 0)) > 300);
        QVERIFY(pixelsLike(picture, QColor(255, 0, 255)) > 300);
        const auto unlike = test::unlikeBaseline(picture, "reliability");
        QVERIFY2(unlike.isEmpty(), qPrintable(unlike));
    }

    void draggingDrawsALine() {
        Document document;
        startRun(document);
        QWidget window;
        window.resize(640, 640);
        auto* column = new QVBoxLayout(&window);
        auto* panes = new viewer::LinkedPanes(viewer::Renderer::Raster, &window);
        panes->setViewState(&document.view());
        panes->setPanes({{"mean", {document.runs()[0]->mean()}, nullptr, false, nullptr}});
        auto* panel = new PlotsPanel(&document, &window);
        column->addWidget(panes, 1);
        column->addWidget(panel, 1);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QTRY_VERIFY(panes->isSettled());
        auto* chart = panel->findChild<viewer::PosteriorChart*>("posteriorChart");
        auto* figures = panel->findChild<QLabel*>("plotFigures");
        auto& view = document.view();
        const auto at = [&](double x, double y) {
            return panes->fromPosition({x, y}, 0).toPoint();
        };
        QTest::mouseMove(panes, at(1, 1));
        QTRY_VERIFY(!chart->isBlank());
        QTRY_VERIFY(figures->text().contains("of 4 samples"));

        const QPointF center = view.center();
        QTest::mouseClick(
            panel->findChild<QTabBar*>("plotTabs"), Qt::LeftButton, {},
            panel->findChild<QTabBar*>("plotTabs")->tabRect(PlotsPanel::Line).center());
        QVERIFY(view.tool() == ViewState::Tool::Line);
        QTRY_VERIFY(chart->isBlank());
        const auto drag = [&](const QPoint& from, const QPoint& to,
                              Qt::KeyboardModifiers keys = {}) {
            QTest::mousePress(panes, Qt::LeftButton, keys, from);
            QMouseEvent move(QEvent::MouseMove, to, panes->mapToGlobal(to), Qt::NoButton,
                             Qt::LeftButton, keys);
            QCoreApplication::sendEvent(panes, &move);
            QTest::mouseRelease(panes, Qt::LeftButton, keys, to);
        };
        drag(at(0.5, 1), at(2.5, 1));
        QVERIFY(view.line().has_value());
        QVERIFY(std::abs(view.line()->length() - 2) < 0.05);
        QCOMPARE(view.center(), center);  // nothing was panned
        QTRY_VERIFY(!chart->isBlank());
        // The end that is taken hold of moves, the other stays; Shift keeps to 45 degrees.
        drag(at(2.5, 1), at(1.5, 1.9), Qt::ShiftModifier);
        QVERIFY(std::abs(view.line()->x1() - 0.5) < 0.05);
        QVERIFY(std::abs(view.line()->dx() - view.line()->dy()) < 1e-9);

        const QTemporaryDir folder;
        QVERIFY(panel->save(folder.filePath("line.csv")));
        QFile csv(folder.filePath("line.csv"));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        QVERIFY(csv.readAll().contains("distance"));

        panel->hide();  // the tool goes with the panel, and so does the line
        QVERIFY(view.tool() == ViewState::Tool::Pan && !view.line());
        drag(at(1, 1), at(2, 1));
        QVERIFY(!view.line() && view.center() != center);
    }

    // 64 samples of 2048 x 2048: what moving the cursor costs, reading and drawing.
    void readingAPixel() {
        Document document;
        document.addImage(test::countingStack(2048));
        Run* run = document.startRun(test::requestFor(document), false);
        auto snapshot = std::make_shared<posterior::Snapshot>(*test::snapshotOf(2, 64, 2048));
        while (snapshot->kept.size() < 64)
            snapshot->kept.push_back(snapshot->kept[snapshot->kept.size() % 2]);
        run->take(snapshot);
        viewer::PosteriorChart chart;
        chart.resize(320, 240);
        QImage screen(320, 240, QImage::Format_RGB32);
        QBENCHMARK {
            chart.setPlot(plotPixel(PlotSource::of(*run, document.view()), {100, 70}),
                          "grey values");
            chart.render(&screen);
        }
    }
};

QTEST_MAIN(TestPlots)
#include "tst_plots.moc"
