#include <QtTest>
#include <cmath>
#include <random>
#include <vector>

#include "core/base/error.h"
#include "core/posterior/running_moments.h"

using posteria::posterior::RunningMoments;

namespace {

using Field = std::vector<float>;

std::vector<Field> gaussianSamples(std::size_t size, int count, double mean, double sigma) {
    std::mt19937 random(7);
    std::normal_distribution<double> normal(mean, sigma);
    std::vector<Field> samples(static_cast<std::size_t>(count), Field(size));
    for (auto& sample : samples) {
        for (auto& value : sample)
            value = static_cast<float>(normal(random));
    }
    return samples;
}

double twoPassMean(const std::vector<Field>& samples, std::size_t pixel) {
    double sum = 0;
    for (const auto& sample : samples)
        sum += sample[pixel];
    return sum / static_cast<double>(samples.size());
}

double twoPassStd(const std::vector<Field>& samples, std::size_t pixel) {
    const double mean = twoPassMean(samples, pixel);
    double sum = 0;
    for (const auto& sample : samples)
        sum += (sample[pixel] - mean) * (sample[pixel] - mean);
    return std::sqrt(sum / static_cast<double>(samples.size() - 1));
}

}  // namespace

class TestRunningMoments : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void agreesWithTwoPasses_data() {
        QTest::addColumn<double>("mean");
        QTest::addColumn<double>("sigma");
        QTest::newRow("zero mean") << 0.0 << 1.0;
        QTest::newRow("grey values") << 500.0 << 20.0;
        // A sum of squares in float32 has no correct digit left here.
        QTest::newRow("bright background, small spread") << 60000.0 << 0.5;
        QTest::newRow("tiny") << 1e-20 << 1e-18;
    }

    void agreesWithTwoPasses() {
        QFETCH(const double, mean);
        QFETCH(const double, sigma);
        const auto samples = gaussianSamples(257, 50, mean, sigma);
        RunningMoments moments(257);
        for (const auto& sample : samples)
            moments.add(sample.data(), sample.size());
        QCOMPARE(moments.count(), 50);
        const Field m = moments.mean(), s = moments.std();
        for (std::size_t i = 0; i < m.size(); ++i) {
            const double expected = twoPassStd(samples, i);
            QVERIFY(std::abs(s[i] - expected) <= 1e-5 * expected);
            // Half a unit in the last place of the value itself, and rounding relative to the
            // spread.
            QVERIFY(std::abs(m[i] - twoPassMean(samples, i)) <=
                    6e-8 * std::abs(mean) + 1e-5 * expected);
        }
    }

    void constantSamplesHaveNoSpread() {
        const Field sample(64, 12345.678f);
        RunningMoments moments(64);
        for (int k = 0; k < 1000; ++k)
            moments.add(sample.data(), sample.size());
        for (const float value : moments.mean())
            QCOMPARE(value, 12345.678f);
        for (const float value : moments.std())
            QCOMPARE(value, 0.0f);
        QCOMPARE(moments.standardError(), 0.0);
    }

    void partsMakeOneSample() {
        const auto samples = gaussianSamples(100, 3, 10, 2);
        RunningMoments whole(100), parts(100);
        for (const auto& sample : samples) {
            whole.add(sample.data(), 100);
            parts.addPart(sample.data(), 30);
            parts.addPart(sample.data() + 30, 69);
            QCOMPARE(parts.count(), whole.count() - 1);
            parts.addPart(sample.data() + 99, 1);
        }
        QCOMPARE(parts.count(), 3);
        QVERIFY(parts.mean() == whole.mean());
        QVERIFY(parts.std() == whole.std());
    }

    void refusesOtherSizes() {
        const Field sample(11);
        RunningMoments moments(10);
        QVERIFY_EXCEPTION_THROWN(moments.add(sample.data(), 9), posteria::Error);
        QVERIFY_EXCEPTION_THROWN(moments.add(sample.data(), 11), posteria::Error);
        moments.addPart(sample.data(), 6);
        QVERIFY_EXCEPTION_THROWN(moments.addPart(sample.data(), 5), posteria::Error);
        QVERIFY_EXCEPTION_THROWN(moments.add(sample.data(), 10), posteria::Error);
        QCOMPARE(moments.count(), 0);
    }

    void fewSamples() {
        RunningMoments moments(2);
        QVERIFY(moments.mean() == (Field{0, 0}));
        const Field sample{3, 4};
        moments.add(sample.data(), 2);
        QVERIFY(moments.mean() == sample);
        QVERIFY(moments.std() == (Field{0, 0}));
        QCOMPARE(moments.standardError(), 0.0);
    }

    // An ideal posterior: truth and samples drawn alike. The mean of k samples then errs by
    // (1 + 1/k) times the minimum mean square error, which is the variance.
    void meanOfSamplesObeysTheOnePlusOneOverKLaw() {
        constexpr std::size_t kPixels = 400000;
        constexpr double kSigma = 3;
        const auto draws = gaussianSamples(kPixels, 11, 100, kSigma);
        const Field& truth = draws.back();
        RunningMoments moments(kPixels);
        for (int k = 1; k <= 10; ++k) {
            moments.add(draws[static_cast<std::size_t>(k - 1)].data(), kPixels);
            const Field mean = moments.mean();
            double error = 0;
            for (std::size_t i = 0; i < kPixels; ++i)
                error += (mean[i] - truth[i]) * (mean[i] - truth[i]);
            const double ratio = error / kPixels / (kSigma * kSigma * (1 + 1.0 / k));
            // The mean of n squared normals scatters by sqrt(2 / n): four standard errors.
            QVERIFY2(std::abs(ratio - 1) < 4 * std::sqrt(2.0 / kPixels),
                     qPrintable(QString::number(ratio)));
        }
        QVERIFY(std::abs(moments.standardError() / (kSigma / std::sqrt(10.0)) - 1) < 0.005);
    }
};

QTEST_APPLESS_MAIN(TestRunningMoments)
#include "tst_running_moments.moc"
