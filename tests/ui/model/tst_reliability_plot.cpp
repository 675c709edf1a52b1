// What the reliability plot shows of a calibration: bins, the line of the mean's error, coverage.
#include <QTest>
#include <cmath>

#include "tests/ui/models.h"
#include "ui/model/reliability_plot.h"

using namespace posteria;
using posteria::ui::ReliabilityPlot;

class TestReliabilityPlot : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void showsBinsLineAndCoverage() {
        package::Calibration fitted;
        fitted.sampler = {"cfm-heun", 5, 3};
        fitted.channels = {{1.5, 0.2, 0.9, 1.7, 0, {}}, {2, 0, 1, 1.5, 0, {}}};
        auto& told = fitted.channels[0].reliability;
        told.bins = {{0.1, 0.4, 100}, {0.5, 0.9, 300}};
        told.drawn68 = 0.5;
        told.held90 = 0.91;
        const auto plot = ReliabilityPlot::of(fitted, test::twoModels()[0]);
        QCOMPARE(plot.channels.size(), std::size_t(2));
        const auto& first = plot.channels[0];
        QCOMPARE(first.name, QString("filaments"));
        QCOMPARE(first.color, QColor(0, 255, 0));
        QCOMPARE(first.predicted, (std::vector<double>{0.1, 0.5}));
        QCOMPARE(first.observed, (std::vector<double>{0.4, 0.9}));
        QCOMPARE(first.slope, 1.5);
        // sqrt(1 + 1/3) times the offset of the deviation: 0.2 * 2 / sqrt(3).
        QVERIFY(std::abs(first.offset - 0.23094010767585) < 1e-12);
        QCOMPARE(first.drawn68, 0.5);
        QCOMPARE(first.calibrated90, 0.91);
        QCOMPARE(first.calibrated68, 0.0);
        QCOMPARE(plot.limit, 0.9);
        QVERIFY(!plot.isEmpty());
        const auto lines = plot.csv().split('\n');
        QCOMPARE(lines.size(), 4);
        QVERIFY(lines[1].startsWith("\"filaments\",0.1,0.4,0.38094"));
        QVERIFY(lines[2].endsWith(",300"));
    }

    void ofAnEarlierVersionThereIsNothingToPlot() {
        package::Calibration fitted;
        fitted.channels.resize(2);
        QVERIFY(ReliabilityPlot::of(fitted, test::twoModels()[0]).isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestReliabilityPlot)
#include "tst_reliability_plot.moc"
