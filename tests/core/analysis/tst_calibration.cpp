#include <QtTest>
#include <cmath>
#include <numeric>

#include "core/analysis/calibration.h"
#include "tests/core/analysis/planes.h"

using namespace posteria::analysis;
using fixture::makePlane;

namespace {

constexpr std::int64_t kSide = 400;

// An ideal posterior: truth and samples are drawn alike, with a spread that differs from pixel to
// pixel. `stated` multiplies the samples' spread: below 1 the posterior is overconfident.
struct Experiment {
    Planes mean, std, truth;
    std::vector<Planes> draws;
};

Experiment draw(int samples, double stated = 1) {
    std::mt19937 random(17);
    std::normal_distribution<double> normal;
    const auto sigma = [](auto x, auto) { return 1 + 9.0 * static_cast<double>(x) / kSide; };
    Experiment e;
    e.truth = {
        makePlane(kSide, kSide, [&](auto x, auto y) { return 50 + sigma(x, y) * normal(random); })};
    for (int k = 0; k < samples; ++k) {
        e.draws.push_back({makePlane(kSide, kSide, [&](auto x, auto y) {
            return 50 + stated * sigma(x, y) * normal(random);
        })});
    }
    const auto mean = [&](auto x, auto y) {
        double sum = 0;
        for (const auto& d : e.draws)
            sum += d[0].value(x, y);
        return sum / samples;
    };
    e.mean = {makePlane(kSide, kSide, mean)};
    e.std = {makePlane(kSide, kSide, [&](auto x, auto y) {
        double sum = 0;
        for (const auto& d : e.draws)
            sum += std::pow(d[0].value(x, y) - mean(x, y), 2);
        return std::sqrt(sum / (samples - 1));
    })};
    return e;
}

bool near(double value, double expected, double tolerance) {
    if (std::abs(value - expected) <= tolerance) return true;
    qWarning("%g is not %g within %g", value, expected, tolerance);
    return false;
}

}  // namespace

class TestCalibration : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void idealPosteriorIsCalibrated() {
        const Experiment e = draw(20);
        const auto result = calibrate(e.mean, e.std, e.truth, e.draws);
        // 160000 pixels: four standard errors of a share are 0.005, of a spread/skill 0.01.
        QVERIFY(near(result.coverage68, 0.6827, 0.005));
        QVERIFY(near(result.coverage90, 0.90, 0.005));
        QVERIFY(near(result.spreadSkill, 1, 0.01));
        QVERIFY(result.coverage68FromSamples && result.coverage90FromSamples);
        QCOMPARE(result.samples, 20);
        QCOMPARE(result.bins.size(), std::size_t(kCalibrationBins));
        std::int64_t count = 0;
        for (const auto& bin : result.bins) {
            QVERIFY(std::abs(bin.count - kSide * kSide / kCalibrationBins) <= 1);
            count += bin.count;
        }
        QCOMPARE(count, kSide * kSide);
    }

    // With the truth's own spread as s, every bin lies on the line RMSE = RMV.
    void exactSpreadGivesSlopeOne() {
        Experiment e = draw(5);
        e.std = {makePlane(kSide, kSide,
                           [](auto x, auto) { return 1 + 9.0 * static_cast<double>(x) / kSide; })};
        const auto result = calibrate(e.mean, e.std, e.truth, 5);
        for (const auto& bin : result.bins) {
            // Relative error of a root mean square of n values: 1 / sqrt(2 n), four of them.
            QVERIFY(
                near(bin.rmse / bin.rmv, 1, 4 / std::sqrt(2.0 * static_cast<double>(bin.count))));
        }
        QVERIFY(near(result.slope, 1, 0.02));
        QVERIFY(near(result.offset, 0, 0.08));
        QVERIFY(near(result.coverage68, 0.6827, 0.005));
        QVERIFY(near(result.coverage90, 0.90, 0.005));
        QVERIFY(!result.coverage68FromSamples && !result.coverage90FromSamples);
    }

    // Without the correction the same posterior looks overconfident by sqrt(1 + 1/k).
    void correctsForTheNumberOfSamples() {
        const Experiment e = draw(4);
        const auto known = calibrate(e.mean, e.std, e.truth, 4),
                   unknown = calibrate(e.mean, e.std, e.truth);
        QVERIFY(near(known.spreadSkill, 1, 0.01));
        QVERIFY(near(known.spreadSkill / unknown.spreadSkill, std::sqrt(1.25), 1e-9));
        QCOMPARE(unknown.samples, 0);
    }

    void findsOverconfidence() {
        const Experiment e = draw(20, 0.5);
        const auto result = calibrate(e.mean, e.std, e.truth, e.draws);
        // Errors have variance 1 + 0.25 / 20; the stated one is 0.25 (1 + 1 / 20).
        QVERIFY(near(result.spreadSkill, std::sqrt(0.2625 / 1.0125), 0.01));
        QVERIFY(result.coverage68 < 0.45 && result.coverage90 < 0.65);
        const auto histogram = rankHistogram(e.draws, e.truth);
        QVERIFY(histogram.front() > 3 * histogram[10] && histogram.back() > 3 * histogram[10]);
    }

    void intervalsThatFewSamplesCannotSpanStayGaussian() {
        const Experiment e = draw(8);
        const auto result = calibrate(e.mean, e.std, e.truth, e.draws);
        QVERIFY(result.coverage68FromSamples && !result.coverage90FromSamples);
        QVERIFY(near(result.coverage68, 0.6827, 0.01));
        QCOMPARE(result.coverage90, calibrate(e.mean, e.std, e.truth, 8).coverage90);
    }

    void ranksAreFlatForAnIdealPosterior() {
        const Experiment e = draw(9);
        const auto histogram = rankHistogram(e.draws, e.truth);
        QCOMPARE(histogram.size(), std::size_t(10));
        QCOMPARE(std::accumulate(histogram.begin(), histogram.end(), std::int64_t(0)),
                 kSide * kSide);
        double chiSquare = 0;
        for (const auto count : histogram)
            chiSquare += std::pow(count - 16000.0, 2) / 16000;
        QVERIFY2(chiSquare < 27.9, qPrintable(QString::number(chiSquare)));  // 9 degrees, p = 0.001
    }

    void tiesAreSpreadEvenly() {
        const Planes zero = {makePlane(100, 100, [](auto, auto) { return 0; })};
        const auto histogram = rankHistogram({zero, zero, zero}, zero);
        for (const auto count : histogram)
            QVERIFY(near(count, 2500, 4 * std::sqrt(2500 * 0.75)));
    }

    void oneSpreadEverywhereGivesAFactor() {
        const Planes truth = {makePlane(20, 20, [](auto x, auto) { return x % 2 ? 3 : -3; })};
        const Planes zero = {makePlane(20, 20, [](auto, auto) { return 0; })};
        const Planes std = {makePlane(20, 20, [](auto, auto) { return 2; })};
        const auto result = calibrate(zero, std, truth);
        QCOMPARE(result.bins.size(), std::size_t(1));
        QCOMPARE(result.slope, 1.5);
        QCOMPARE(result.offset, 0.0);
    }
};

QTEST_APPLESS_MAIN(TestCalibration)
#include "tst_calibration.moc"
