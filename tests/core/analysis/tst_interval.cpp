#include <QtTest>
#include <cmath>
#include <random>

#include "core/analysis/interval.h"
#include "core/base/error.h"
#include "tests/core/analysis/planes.h"

using namespace posteria::analysis;
using fixture::makePlane;

namespace {

// Images whose errors are s times a variable with heavy tails (Student's t, 3 degrees) and a size
// of its own for every image.
struct Images {
    Planes mean, std, truth;
};

Images draw(std::mt19937& random, int count, std::int64_t side) {
    std::student_t_distribution<double> heavy(3);
    std::lognormal_distribution<double> size(0, 0.4);
    Images result;
    for (int i = 0; i < count; ++i) {
        const double own = size(random);
        result.mean.push_back(makePlane(side, side, [](auto, auto) { return 100; }));
        result.std.push_back(makePlane(side, side, [](auto x, auto) { return 1 + x % 4; }));
        result.truth.push_back(makePlane(side, side, [&](auto x, auto) {
            return 100 + own * (1 + static_cast<double>(x % 4)) * heavy(random);
        }));
    }
    return result;
}

}  // namespace

class TestInterval : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void factorIsTheErrorsQuantile() {
        // Errors 1, 2 … 100 standard deviations.
        const Planes zero = {makePlane(10, 10, [](auto, auto) { return 0; })};
        const Planes std = {makePlane(10, 10, [](auto, auto) { return 2; })};
        const Planes truth = {
            makePlane(10, 10, [](auto x, auto y) { return (x % 2 ? 2 : -2) * (1 + x + 10 * y); })};
        QCOMPARE(intervalFactor(zero, std, truth, 0.68), 68.0);
        QCOMPARE(intervalFactor(zero, std, truth, 0.685), 69.0);
        QCOMPARE(intervalFactor(zero, std, truth, 1), 100.0);
        QCOMPARE(coverage(zero, std, truth, 68), 0.68);
        QCOMPARE(coverage(zero, std, truth, 67.99), 0.67);
    }

    void aFlatSpreadOfZeroHoldsOnlyWhatDoesNotErr() {
        const Planes zero = {makePlane(4, 4, [](auto, auto) { return 0; })};
        const Planes truth = {makePlane(4, 4, [](auto x, auto) { return x < 2 ? 0 : 1; })};
        QCOMPARE(coverage(zero, zero, truth, 3), 0.5);
        QCOMPARE(intervalFactor(zero, zero, truth, 0.5), 0.0);
        QVERIFY(std::isinf(intervalFactor(zero, zero, truth, 0.9)));
    }

    // Over many sets of 20 images the conformal factor keeps its promise on a 21st, which the plain
    // quantile, without the correction, does not.
    void conformalFactorKeepsItsPromise() {
        std::mt19937 random(29);
        const int sets = 1000, images = 20;
        double conformal = 0, plain = 0, squares = 0;
        for (int set = 0; set < sets; ++set) {
            const auto known = draw(random, images, 8), next = draw(random, 1, 8);
            const double held = coverage(next.mean, next.std, next.truth,
                                         conformalFactor(known.mean, known.std, known.truth, 0.9));
            conformal += held / sets;
            squares += held * held / sets;
            plain += coverage(next.mean, next.std, next.truth,
                              intervalFactor(known.mean, known.std, known.truth, 0.9)) /
                     sets;
        }
        const double error = std::sqrt((squares - conformal * conformal) / sets);
        const auto text = QString("%1 %2 %3").arg(conformal).arg(plain).arg(error);
        QVERIFY2(conformal > 0.9, qPrintable(text));
        // What it promises beyond: at most 2 / (n + 1) more.
        QVERIFY2(conformal < 0.9 + 2.0 / (images + 1) + 4 * error, qPrintable(text));
        QVERIFY2(plain < conformal - 4 * error, qPrintable(text));
    }

    void fewImagesPromiseNothing() {
        std::mt19937 random(31);
        const auto eight = draw(random, 8, 8), nine = draw(random, 9, 8);
        QVERIFY(std::isinf(conformalFactor(eight.mean, eight.std, eight.truth, 0.9)));
        // Nine can, by an interval that holds everything.
        QCOMPARE(conformalFactor(nine.mean, nine.std, nine.truth, 0.9),
                 intervalFactor(nine.mean, nine.std, nine.truth, 1));
    }

    void refusesImagesThatDoNotMatch() {
        const Planes small = {makePlane(4, 4, [](auto, auto) { return 0; })};
        const Planes large = {makePlane(5, 4, [](auto, auto) { return 0; })};
        QVERIFY_EXCEPTION_THROWN(coverage(small, small, large, 1), posteria::Error);
        QVERIFY_EXCEPTION_THROWN(intervalFactor(small, large, small, 0.9), posteria::Error);
    }
};

QTEST_APPLESS_MAIN(TestInterval)
#include "tst_interval.moc"
