#include <QtTest>
#include <cmath>

#include "core/analysis/dice.h"
#include "core/analysis/metrics.h"
#include "core/analysis/power_spectrum.h"
#include "core/analysis/structural_similarity.h"
#include "core/analysis/thresholds.h"
#include "core/base/error.h"
#include "tests/core/analysis/metrics_fixture.h"
#include "tests/core/analysis/planes.h"

using namespace posteria::analysis;
using fixture::gaussianPlane;
using fixture::makeImages;
using fixture::makePlane;

namespace {

bool close(double value, double expected, double tolerance = 1e-9) {
    if (std::abs(value - expected) <= tolerance * std::abs(expected)) return true;
    qWarning("%.15g is not %.15g", value, expected);
    return false;
}

}  // namespace

class TestMetrics : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        for (int plane = 0; plane < 2; ++plane) {
            const auto images = makeImages(90, 75, plane);
            m_estimate.push_back(images.estimate);
            m_truth.push_back(images.truth);
        }
        const auto [low, high] = valueRange(m_truth);
        m_range = high - low;
    }

    void pixelFiguresAgreeWithScikitImage() {
        QVERIFY(close(psnr(m_estimate, m_truth), fixture::kPsnr));
        QVERIFY(close(rangeInvariantPsnr(m_estimate, m_truth), fixture::kRiPsnr));
        QVERIFY(close(nrmse(m_estimate, m_truth), fixture::kNrmse));
    }

    void structuralSimilarityAgreesWithScikitImage() {
        QVERIFY(close(ssim(m_estimate[0], m_truth[0], m_range), fixture::kSsimSample));
        QVERIFY(close(ssim(m_estimate[0], m_truth[0], m_range, Covariance::Population),
                      fixture::kSsimPopulation));
        QVERIFY(close(ssim(m_truth[0], m_truth[0], m_range), 1));
    }

    void masksAgreeWithScikitImage() {
        QVERIFY(close(otsuThreshold(m_truth), fixture::kOtsuTruth));
        QVERIFY(close(otsuThreshold(m_estimate), fixture::kOtsuEstimate));
        QVERIFY(close(dice(m_estimate, m_truth), fixture::kDice));
        QCOMPARE(dice(m_truth, m_truth), 1.0);
        const Planes flat{makePlane(5, 5, [](auto, auto) { return 3; })};
        const Planes spot{makePlane(5, 5, [](auto x, auto y) { return x == 2 && y == 2; })};
        QCOMPARE(otsuThreshold(flat), 3.0);
        QCOMPARE(dice(flat, flat), 1.0);
        QCOMPARE(dice(flat, spot), 0.0);
    }

    void multiScaleSimilarityAgreesWithNumpy() {
        const auto big = makeImages(181, 200, 0);
        const auto [low, high] = valueRange({big.truth});
        QVERIFY(close(msSsim(big.estimate, big.truth, high - low), fixture::kMsSsimFive));
        // 75 pixels leave room for three scales.
        const auto [lowSmall, highSmall] = valueRange({m_truth[0]});
        QVERIFY(
            close(msSsim(m_estimate[0], m_truth[0], highSmall - lowSmall), fixture::kMsSsimThree));
    }

    void microSsimAgreesWithScipyAndForgivesScale() {
        const auto micro = microSsim(m_estimate, m_truth);
        QVERIFY(close(micro.value, fixture::kMicroSsim, 1e-8));
        QVERIFY(close(micro.scale, fixture::kMicroSsimScale, 1e-4));
        QVERIFY(close(micro.multiScale, fixture::kMicroMs3im, 1e-5));
        Planes scaled;
        for (const auto& plane : m_truth) {
            scaled.push_back(
                makePlane(90, 75, [&](auto x, auto y) { return 7 * plane.value(x, y) - 30; }));
        }
        QVERIFY(close(microSsim(scaled, m_truth).value, 1, 1e-6));
        QVERIFY(close(microSsim(scaled, m_truth).scale, 1.0 / 7, 1e-4));
    }

    void rangeInvarianceMeansWhatItSays() {
        Planes changed;
        for (const auto& plane : m_estimate) {
            changed.push_back(
                makePlane(90, 75, [&](auto x, auto y) { return 8 * plane.value(x, y) + 512; }));
        }
        QVERIFY(close(rangeInvariantPsnr(changed, m_truth), fixture::kRiPsnr, 1e-7));
        QVERIFY(psnr(changed, m_truth) < 0);
    }

    void powerAgreesWithNumpy() {
        const auto spectrum = radialPowerSpectrum(m_truth);
        const auto ratio = powerRatio(m_estimate, m_truth);
        QCOMPARE(spectrum.power.size(), std::size(fixture::kPower));
        for (std::size_t b = 0; b < ratio.size(); ++b) {
            QVERIFY(close(spectrum.power[b], fixture::kPower[b]));
            QVERIFY(close(ratio[b], fixture::kPowerRatio[b]));
        }
        QVERIFY(close(spectrum.frequency[0], 0.5 / 64));
    }

    void whiteNoiseHasItsVarianceAsPower() {
        std::mt19937 random(3);
        const auto spectrum = radialPowerSpectrum({gaussianPlane(random, 256, 256, 100, 5)});
        // Rings of the upper half hold more than 1000 independent values each.
        for (std::size_t b = 16; b < 32; ++b) {
            QVERIFY(close(spectrum.power[b], 25, 4 / std::sqrt(1000.0)));
        }
    }

    // Samples and truth are white, twelve planes of each: their ratio is the variances' ratio, and
    // over many such sets it scatters by the error it states.
    void errorOfTheRatioIsItsScatter() {
        std::mt19937 random(9);
        const int sets = 200;
        double sum = 0, squares = 0, stated = 0;
        for (int set = 0; set < sets; ++set) {
            Planes truth;
            std::vector<Planes> samples(2);
            for (int i = 0; i < 12; ++i) {
                const double bright = 1 + i % 3;
                truth.push_back(gaussianPlane(random, 16, 16, 0, 5 * bright));
                for (auto& planes : samples)
                    planes.push_back(gaussianPlane(random, 16, 16, 0, 4 * bright));
            }
            const auto power = pooledPowerRatio(samples, truth);
            QCOMPARE(power.error.size(), power.ratio.size());
            sum += power.ratio[4];
            squares += power.ratio[4] * power.ratio[4];
            stated += power.error[4] * power.error[4];
        }
        const double mean = sum / sets, variance = squares / sets - mean * mean;
        QVERIFY2(close(mean, 0.64, 0.05), qPrintable(QString::number(mean)));
        QVERIFY2(close(stated / sets, variance, 0.3),
                 qPrintable(QString::number(stated / sets) + " " + QString::number(variance)));
        const auto one = pooledPowerRatio({m_estimate}, m_truth);
        const auto same = powerRatio(m_estimate, m_truth);
        for (std::size_t b = 0; b < same.size(); ++b)
            QVERIFY(close(one.ratio[b], same[b]));
    }

    void psnrVsCountIsThatOfTheMean() {
        std::mt19937 random(5);
        std::vector<Planes> samples;
        for (int k = 0; k < 3; ++k) {
            Planes sample;
            for (int p = 0; p < 2; ++p)
                sample.push_back(gaussianPlane(random, 90, 75, 100, 20));
            samples.push_back(sample);
        }
        const auto curve = psnrVsCount(samples, m_truth);
        QCOMPARE(curve.size(), std::size_t(3));
        QVERIFY(close(curve[0], psnr(samples[0], m_truth)));
        Planes mean;
        for (std::size_t p = 0; p < 2; ++p) {
            mean.push_back(makePlane(90, 75, [&](auto x, auto y) {
                return (samples[0][p].value(x, y) + samples[1][p].value(x, y) +
                        samples[2][p].value(x, y)) /
                       3;
            }));
        }
        QVERIFY(close(curve[2], psnr(mean, m_truth), 1e-6));
    }

    void edgeCases() {
        QVERIFY(std::isinf(psnr(m_truth, m_truth)));
        QCOMPARE(nrmse(m_truth, m_truth), 0.0);
        const auto tiny = makeImages(10, 40, 0);
        QVERIFY(std::isnan(ssim(tiny.estimate, tiny.truth, 1)));
        QVERIFY(std::isnan(msSsim(tiny.estimate, tiny.truth, 1)));
        QVERIFY(std::isnan(microSsim({tiny.estimate}, {tiny.truth}).value));
        QCOMPARE(radialPowerSpectrum({makePlane(1, 1, [](auto, auto) { return 3; })}).power.size(),
                 std::size_t(1));
        const auto flat = makePlane(32, 32, [](auto, auto) { return 7; });
        QVERIFY(std::isnan(microSsim({flat}, {flat}).value));
        QCOMPARE(powerRatio({flat}, {flat})[3], 0.0);
        QVERIFY(std::isfinite(rangeInvariantPsnr({flat}, {gaussianPlane(m_random, 32, 32, 0, 1)})));
    }

    void refusesImagesThatDoNotMatch() {
        using posteria::Error;
        QVERIFY_EXCEPTION_THROWN(psnr({m_truth[0]}, m_truth), Error);
        QVERIFY_EXCEPTION_THROWN(psnr({}, {}), Error);
        QVERIFY_EXCEPTION_THROWN(ssim(makeImages(75, 90, 0).estimate, m_truth[0], 1), Error);
        void* memory = nullptr;
        const auto wrong =
            posteria::image::Plane::allocate(posteria::image::PixelType::UInt16, 75, 90, &memory);
        QVERIFY_EXCEPTION_THROWN(psnr({wrong}, {m_truth[0]}), Error);
    }

  private:
    Planes m_estimate, m_truth;
    double m_range = 0;
    std::mt19937 m_random{11};
};

QTEST_APPLESS_MAIN(TestMetrics)
#include "tst_metrics.moc"
