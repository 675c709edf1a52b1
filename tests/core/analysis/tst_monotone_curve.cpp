// Isotonic regression and the curves that undo a bias.
#include <QtTest>
#include <cmath>

#include "core/analysis/monotone_curve.h"

using namespace posteria::analysis;

class TestMonotoneCurve : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void isotonicPoolsWhatFalls() {
        QVERIFY(isotonic({}).empty());
        QCOMPARE(isotonic({1, 2, 3}), (std::vector<double>{1, 2, 3}));
        QCOMPARE(isotonic({3, 2, 1}), (std::vector<double>{2, 2, 2}));
        QCOMPARE(isotonic({1, 3, 2, 4}), (std::vector<double>{1, 2.5, 2.5, 4}));
        // The last one pulls down the whole run before it.
        QCOMPARE(isotonic({1, 4, 5, 0}), (std::vector<double>{1, 3, 3, 3}));
    }

    // Of all non-decreasing values none is nearer: moving any run off it costs.
    void isotonicIsTheLeastSquaresAnswer() {
        const std::vector<double> values{0.3, 0.1, 0.5, 0.45, 0.4, 0.9, 0.7, 1.2};
        const auto fitted = isotonic(values);
        const auto cost = [&](const std::vector<double>& v) {
            double sum = 0;
            for (std::size_t i = 0; i < v.size(); ++i)
                sum += (v[i] - values[i]) * (v[i] - values[i]);
            return sum;
        };
        for (std::size_t i = 0; i < fitted.size(); ++i) {
            QVERIFY(i == 0 || fitted[i] >= fitted[i - 1]);
            for (const double by : {-0.01, 0.01}) {
                auto moved = fitted;
                for (auto& v : moved)
                    if (v == fitted[i]) v += by;
                QVERIFY(cost(moved) > cost(fitted));
            }
        }
    }

    void curvesAreStraightBetweenTheirPoints() {
        const MonotoneCurve curve{{0.2, 0.4, 0.8}, {0.1, 0.5, 0.9}};
        const double expected[][2] = {{0, 0.1},   {0.2, 0.1}, {0.3, 0.3},
                                      {0.4, 0.5}, {0.6, 0.7}, {1, 0.9}};
        for (const auto& [x, y] : expected)
            QVERIFY(std::abs(curve.at(x) - y) < 1e-12);
    }

    // A regressor that shrinks towards the middle is put right at every level.
    void debiasingUndoesShrinkage() {
        std::vector<double> levels, estimates;
        for (int i = 1; i < 20; ++i) {
            levels.push_back(0.05 * i);
            estimates.push_back(0.5 + 0.6 * std::pow(0.05 * i - 0.5, 3) + 0.5 * (0.05 * i - 0.5));
        }
        const auto curve = debiasingCurve(levels, estimates);
        for (std::size_t i = 0; i < levels.size(); ++i)
            QVERIFY(std::abs(curve.at(estimates[i]) - levels[i]) < 1e-12);
        // Estimates that go wrong at the end become one point, and the curve stays a function.
        estimates[17] = estimates[18] + 0.01;
        const auto merged = debiasingCurve(levels, estimates);
        QCOMPARE(merged.from.size(), std::size_t(18));
        QVERIFY(std::abs(merged.to.back() - 0.925) < 1e-12);
        for (std::size_t i = 1; i < merged.from.size(); ++i)
            QVERIFY(merged.from[i] > merged.from[i - 1] && merged.to[i] > merged.to[i - 1]);
    }
};

QTEST_APPLESS_MAIN(TestMonotoneCurve)
#include "tst_monotone_curve.moc"
