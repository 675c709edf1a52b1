#include <QtTest>
#include <cmath>
#include <limits>
#include <random>

#include "core/analysis/draws.h"

using namespace posteria::analysis;

class TestDraws : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void summarisesValues() {
        const auto draws = summarise({4, 1, 3, 2});
        QCOMPARE(draws.mean, 2.5);
        QCOMPARE(draws.median, 2.5);
        QVERIFY(std::abs(draws.std - std::sqrt(5 / 3.0)) < 1e-12);
        QCOMPARE(draws.low, 1.0);
        QCOMPARE(draws.high, 4.0);
        const auto one = summarise({7});
        QCOMPARE(one.std, 0.0);
        QCOMPARE(one.low, 7.0);
        QCOMPARE(one.high, 7.0);
    }

    // Of 39 draws the second and the last but one: 36 of the 40 places that the truth can have.
    void endsAreRanks() {
        std::vector<double> values;
        for (int i = 39; i > 0; --i)
            values.push_back(i);
        const auto draws = summarise(values);
        QCOMPARE(draws.low, 2.0);
        QCOMPARE(draws.high, 38.0);
        QCOMPARE(promisedShare(39), 0.9);
        QCOMPARE(promisedShare(19), 0.9);
        QCOMPARE(promisedShare(9), 0.8);
        QCOMPARE(promisedShare(1), 0.0);
        const auto half = summarise(values, 0.5);
        QCOMPARE(half.low, 10.0);
        QCOMPARE(half.high, 30.0);
        QCOMPARE(promisedShare(39, 0.5), 0.5);
    }

    // Truth and draws from one law, of any shape: the interval holds what it promises.
    void intervalsHoldWhatTheyPromise_data() {
        QTest::addColumn<int>("count");
        for (const int count : {5, 16, 19, 30, 39})
            QTest::addRow("%d draws", count) << count;
    }
    void intervalsHoldWhatTheyPromise() {
        QFETCH(const int, count);
        std::mt19937 random(41);
        const int trials = 20000;
        int inside = 0;
        for (int trial = 0; trial < trials; ++trial) {
            std::gamma_distribution<double> law(0.7, 3);
            std::vector<double> values(static_cast<std::size_t>(count));
            for (auto& value : values)
                value = law(random);
            const auto draws = summarise(values);
            const double truth = law(random);
            inside += truth >= draws.low && truth <= draws.high;
        }
        const double promised = promisedShare(count);
        const double error = std::sqrt(promised * (1 - promised) / trials);
        QVERIFY2(
            std::abs(inside / double(trials) - promised) < 4 * error,
            qPrintable(QString("%1 instead of %2").arg(inside / double(trials)).arg(promised)));
    }

    void valuesThatAreNoneCountForNothing() {
        const double none = std::numeric_limits<double>::quiet_NaN();
        const auto draws = summarise({none, 2, none, 4});
        QCOMPARE(draws.mean, 3.0);
        QCOMPARE(draws.high, 4.0);
        QVERIFY(std::isnan(summarise({none}).median));
        QVERIFY(std::isnan(summarise({}).low));
    }
};

QTEST_APPLESS_MAIN(TestDraws)
#include "tst_draws.moc"
