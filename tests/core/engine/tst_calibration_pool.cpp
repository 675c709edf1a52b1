// A calibration of made-up restorations whose errors are known: half as large again as predicted.
#include <QtTest>
#include <cmath>
#include <cstring>
#include <random>

#include "core/base/error.h"
#include "core/engine/calibration_pool.h"
#include "tests/ui/stacks.h"

using namespace posteria;
using namespace posteria::engine;

namespace {

constexpr int kSide = 96, kSamples = 8;
constexpr double kUnder = 1.5;  // errors over predicted errors

image::StackPtr stackOf(const std::vector<float>& values) {
    image::StackInfo info;
    info.type = image::PixelType::Float32;
    info.shape = {1, 1, 1, kSide, kSide};
    void* data = nullptr;
    auto plane = image::Plane::allocate(info.type, kSide, kSide, &data);
    std::memcpy(data, values.data(), values.size() * sizeof(float));
    return image::makeMemoryStack(info, {plane});
}

// The deviation s grows over the image from 1 to 5; the mean of k samples errs with
// kUnder * sqrt(1 + 1/k) * s.
void add(CalibrationPool& pool, int image, double unit) {
    std::mt19937_64 random(std::uint64_t(image) + 1);
    std::normal_distribution<double> normal;
    std::vector<float> mean, std, truth;
    for (int i = 0; i < kSide * kSide; ++i) {
        const double s = unit * (1 + 4.0 * i / (kSide * kSide));
        truth.push_back(float(unit * 100));
        std.push_back(float(s));
        mean.push_back(
            float(unit * 100 + kUnder * std::sqrt(1 + 1.0 / kSamples) * s * normal(random)));
    }
    posterior::Snapshot result;
    result.samples = kSamples;
    result.mean = stackOf(mean);
    result.std = stackOf(std);
    KnownImage known;
    known.truth = {{stackOf(truth)->readPlane({})}};
    known.inputStd = unit * 10;
    pool.add(result, known);
}

double normalShare(double z) {
    return std::erf(z / std::sqrt(2.0));
}

}  // namespace

class TestCalibrationPool : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    // Images of different brightness count alike.
    void findsHowMuchTooSmallTheDeviationsAre() {
        CalibrationPool pool(1, {"cfm-heun", 5, 16});
        for (int image = 0; image < 4; ++image)
            add(pool, image, 1 + image);
        const auto fitted = pool.fitted();
        QCOMPARE(fitted.pairs, 4);
        QCOMPARE(fitted.sampler.samples, kSamples);
        const auto& channel = fitted.channels.at(0);
        QVERIFY2(std::abs(channel.scale - kUnder) < 0.05,
                 qPrintable(QString::number(channel.scale)));
        QVERIFY(std::abs(channel.offset) < 0.02);
        const auto& told = channel.reliability;
        QCOMPARE(told.bins.size(), std::size_t(15));
        std::int64_t pixels = 0;
        for (const auto& bin : told.bins) {
            pixels += bin.pixels;
            QVERIFY(std::abs(bin.observed / bin.predicted - kUnder) < 0.12);
        }
        QCOMPARE(pixels, std::int64_t(4) * kSide * kSide);
        // Intervals as drawn are too narrow by that factor; those counted on the other half hold.
        QVERIFY(std::abs(told.drawn68 - normalShare(1 / kUnder)) < 0.01);
        QVERIFY(std::abs(told.drawn90 - normalShare(1.6448536 / kUnder)) < 0.01);
        QVERIFY(std::abs(told.held68 - 0.6827) < 0.015);
        QVERIFY(std::abs(told.held90 - 0.9) < 0.015);
    }

    void onePairIsNotJudgedByItself() {
        CalibrationPool pool(1, {"cfm-heun", 5, 16});
        add(pool, 0, 1);
        const auto told = pool.fitted().channels.at(0).reliability;
        QCOMPARE(told.held68, 0.0);
        QCOMPARE(told.held90, 0.0);
        QVERIFY(told.drawn90 > 0);
    }

    void oneAnswerHasNoSpread() {
        CalibrationPool pool(1, {"oneshot", 1, 1});
        posterior::Snapshot result;
        result.samples = 1;
        result.mean = test::floatStack(8, 1, 1.f);
        QVERIFY_EXCEPTION_THROWN(pool.add(result, {}), Error);
    }
};

QTEST_APPLESS_MAIN(TestCalibrationPool)
#include "tst_calibration_pool.moc"
