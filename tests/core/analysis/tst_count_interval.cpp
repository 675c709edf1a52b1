#include <QtTest>
#include <cmath>
#include <limits>
#include <random>

#include "core/analysis/count_interval.h"

using namespace posteria::analysis;

namespace {

// An image whose samples find a tenth too many objects and agree with each other too well.
KnownCount draw(std::mt19937& random) {
    const double rate = std::uniform_real_distribution<double>(8, 80)(random);
    const double truth = std::poisson_distribution<int>(rate)(random);
    std::vector<double> counts;
    std::normal_distribution<double> spread(1.1 * rate, 0.3 * std::sqrt(rate));
    for (int k = 0; k < 16; ++k)
        counts.push_back(std::max(0.0, std::round(spread(random))));
    const auto draws = summarise(counts);
    return {draws.low, draws.high, truth};
}

bool holds(const KnownCount& image, double margin) {
    const auto [low, high] = countInterval(image.low, image.high, margin);
    return low <= image.truth && image.truth <= high;
}

}  // namespace

class TestCountInterval : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    // By hand: scores of log(11/10), log(21/11), log(31/31) and below 0.
    void marginIsAScoreOfAKnownImage() {
        std::vector<KnownCount> known;
        for (int i = 0; i < 7; ++i)
            known.push_back({5, 20, 10});  // inside
        known.push_back({10, 12, 9});
        known.push_back({5, 10, 20});
        // The ninth of nine; the seventh of nine with 0.7.
        QVERIFY(std::abs(countMargin(known) - std::log(21 / 11.0)) < 1e-12);
        QVERIFY(std::abs(countMargin(known, 0.8) - std::log(11 / 10.0)) < 1e-12);
        QVERIFY(countMargin(known, 0.7) < 0);
        known.pop_back();
        QVERIFY(std::isinf(countMargin(known)));
        QVERIFY(std::isinf(countMargin({})));
    }

    void endsAreWholeNumbersOutside() {
        const auto [low, high] = countInterval(10, 20, std::log(1.1));
        QCOMPARE(low, 9.0);    // 11 / 1.1 - 1
        QCOMPARE(high, 23.0);  // 21 * 1.1 - 1 = 22.1
        QCOMPARE(countInterval(10, 20, 0), (std::array<double, 2>{10, 20}));
        QCOMPARE(countInterval(0, 0, 1)[0], 0.0);
        QVERIFY(std::isinf(countInterval(1, 2, std::numeric_limits<double>::infinity())[1]));
        // Narrower than nothing: one place remains.
        const auto [from, to] = countInterval(10, 11, -1);
        QVERIFY(from <= to && from >= 10 && to <= 11);
    }

    // Over many sets of 40 known images a further one's count is held as often as promised, while
    // the samples' own intervals hold far fewer.
    void calibratedIntervalsHoldWhatTheyPromise() {
        std::mt19937 random(11);
        const int sets = 4000, images = 40;
        int held = 0, raw = 0;
        for (int set = 0; set < sets; ++set) {
            std::vector<KnownCount> known;
            for (int i = 0; i < images; ++i)
                known.push_back(draw(random));
            const double margin = countMargin(known);
            const auto next = draw(random);
            held += holds(next, margin);
            raw += holds(next, 0);
        }
        const double share = double(held) / sets, error = std::sqrt(0.09 / sets);
        const auto text = QString("calibrated %1, raw %2").arg(share).arg(double(raw) / sets);
        QVERIFY2(share > 0.9 - 4 * error, qPrintable(text));
        // Ends are rounded outwards, which holds a little more.
        QVERIFY2(share < 0.9 + 1.0 / (images + 1) + 0.02 + 4 * error, qPrintable(text));
        QVERIFY2(double(raw) / sets < 0.6, qPrintable(text));
    }
};

QTEST_APPLESS_MAIN(TestCountInterval)
#include "tst_count_interval.moc"
