// Means and variances of the simulated camera against theory, each within four standard errors.
#include <torch/torch.h>

#include <QtTest>
#include <cmath>

#include "core/base/error.h"
#include "core/physics/camera.h"
#include "core/tensor/random.h"

using posteria::physics::Camera;

class TestCamera : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void poissonAndReadNoise_data();
    void poissonAndReadNoise();
    void multiplicationDoublesTheShotNoise();
    void saturates();
    void pixelMapsStayInPlace();
    void dependsOnTheSeedAlone();
    void refusesImpossibleSettings();
};

namespace {

constexpr std::int64_t kSide = 512;

at::Tensor exposeUniform(const Camera& camera, double photons, std::uint64_t seed = 1) {
    return posteria::physics::expose(torch::full({kSide, kSide}, photons), camera,
                                     posteria::tensor::makeGenerator(seed, 0));
}

// Compares sample mean and variance with theory; the variance's standard error is taken from the
// sample's own fourth moment.
void compareMoments(const at::Tensor& grey, double mean, double variance) {
    const auto values = grey.to(torch::kDouble).flatten();
    const double n = static_cast<double>(values.numel());
    const double sampleMean = values.mean().item<double>();
    const auto squares = (values - sampleMean).square();
    const double sampleVariance = squares.sum().item<double>() / (n - 1);
    const double meanError = std::sqrt(sampleVariance / n);
    const double varianceError = squares.std().item<double>() / std::sqrt(n);
    QVERIFY2(
        std::abs(sampleMean - mean) < 4 * meanError,
        qPrintable(QString("mean %1 against %2 +- %3").arg(sampleMean).arg(mean).arg(meanError)));
    QVERIFY2(std::abs(sampleVariance - variance) < 4 * varianceError,
             qPrintable(QString("variance %1 against %2 +- %3")
                            .arg(sampleVariance)
                            .arg(variance)
                            .arg(varianceError)));
}

constexpr double kRounding = 1.0 / 12;  // variance added by rounding to whole grey values

}  // namespace

void TestCamera::poissonAndReadNoise_data() {
    QTest::addColumn<double>("photons");
    QTest::newRow("20") << 20.0;
    QTest::newRow("500") << 500.0;
}

void TestCamera::poissonAndReadNoise() {
    QFETCH(double, photons);
    Camera camera;
    camera.gain = 2.5;
    camera.readNoise = 3;
    const double electrons = camera.quantumEfficiency * photons;
    QCOMPARE(camera.greyPerPhoton(), camera.quantumEfficiency * 2.5);
    compareMoments(exposeUniform(camera, photons), camera.offset + 2.5 * electrons,
                   2.5 * 2.5 * (electrons + 9) + kRounding);
}

void TestCamera::multiplicationDoublesTheShotNoise() {
    Camera camera;
    camera.kind = Camera::Kind::EMCCD;
    camera.emGain = 100;
    camera.gain = 0.1;
    camera.readNoise = 40;
    const double electrons = camera.quantumEfficiency * 30;
    QCOMPARE(camera.greyPerPhoton(), camera.quantumEfficiency * 10);
    compareMoments(exposeUniform(camera, 30), camera.offset + 10 * electrons,
                   100 * 2 * electrons + 16 + kRounding);
}

void TestCamera::saturates() {
    Camera camera;
    camera.fullWell = 1000;
    camera.readNoise = 0;
    const auto full = exposeUniform(camera, 1e5);
    QCOMPARE(full.min().item<double>(), 1100.0);
    QCOMPARE(full.max().item<double>(), 1100.0);
    camera.bits = 8;
    QCOMPARE(exposeUniform(camera, 1e5).min().item<double>(), 255.0);
    camera.offset = 0;
    camera.readNoise = 5;
    const auto dark = exposeUniform(camera, 0);
    QCOMPARE(dark.min().item<double>(), 0.0);
    QVERIFY(torch::equal(dark, dark.round()));
}

void TestCamera::pixelMapsStayInPlace() {
    // The mean of many exposures of a sensor with maps shows the same fixed pattern again.
    Camera camera;
    camera.pixelMapSeed = 5;
    const auto pattern = [&](std::uint64_t firstSeed) {
        auto sum = torch::zeros({64, 64});
        for (std::uint64_t k = 0; k < 200; ++k)
            sum += posteria::physics::expose(torch::full({64, 64}, 400.0), camera,
                                             posteria::tensor::makeGenerator(firstSeed + k, 0));
        return (sum - sum.mean()) / sum.std();
    };
    const double same = (pattern(0) * pattern(1000)).mean().item<double>();
    // Fixed pattern: (1 % of 328 e)^2 + 0.5^2 = 11.0; of 200 exposures' noise 331 / 200 = 1.7 is
    // left.
    QVERIFY2(same > 0.8 && same < 0.93, qPrintable(QString::number(same)));
    camera.pixelMapSeed = 0;
    QVERIFY(std::abs((pattern(0) * pattern(1000)).mean().item<double>()) < 4.0 / 64);
}

void TestCamera::dependsOnTheSeedAlone() {
    const Camera camera;
    QVERIFY(torch::equal(exposeUniform(camera, 50, 9), exposeUniform(camera, 50, 9)));
    QVERIFY(!torch::equal(exposeUniform(camera, 50, 9), exposeUniform(camera, 50, 10)));
}

void TestCamera::refusesImpossibleSettings() {
    Camera camera;
    camera.quantumEfficiency = 1.2;
    QVERIFY_EXCEPTION_THROWN(exposeUniform(camera, 10), posteria::Error);
    camera = {};
    camera.bits = 24;
    QVERIFY_EXCEPTION_THROWN(exposeUniform(camera, 10), posteria::Error);
}

QTEST_APPLESS_MAIN(TestCamera)
#include "tst_camera.moc"
