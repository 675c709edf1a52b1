// Brightness, noise and saturation of planes made with a known camera.
#include <QTest>
#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "core/analysis/input_facts.h"

using namespace posteria;
using namespace posteria::analysis;

namespace {

constexpr CameraNoise kCamera{100, 2.6, 1};

image::Plane uint16Plane(int side, const std::function<double(int, int)>& value) {
    void* memory = nullptr;
    auto plane = image::Plane::allocate(image::PixelType::UInt16, side, side, &memory);
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            static_cast<std::uint16_t*>(memory)[y * side + x] =
                std::uint16_t(std::lround(std::clamp(value(x, y), 0.0, 65535.0)));
    return plane;
}

// Light of 400 in a wide hill, as that camera writes it, its noise times `factor`.
image::Plane recorded(double factor, double light = 400) {
    std::mt19937 random(4);
    std::normal_distribution<double> normal;
    return uint16Plane(128, [&, factor, light](int x, int y) {
        const double level = light * std::exp(-(std::hypot(x - 64, y - 64)) / 25);
        return kCamera.offset + level +
               factor * normal(random) * std::sqrt(kCamera.variance + kCamera.gain * level);
    });
}

}  // namespace

class TestInputFacts : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void noiseIsToldFromTheCameras() {
        for (const double factor : {0.25, 1.0, 4.0}) {
            const auto facts = inputFacts(recorded(factor), kCamera);
            QVERIFY2(std::abs(facts.noiseRatio / factor - 1) < 0.1,
                     qPrintable(QString("%1: %2").arg(factor).arg(facts.noiseRatio)));
        }
    }

    void brightnessIsCountedFromTheDark() {
        const auto facts = inputFacts(recorded(1), kCamera);
        QVERIFY2(facts.bright > 340 && facts.bright < 440,
                 qPrintable(QString::number(facts.bright)));
        QVERIFY(facts.contrast > 5);
        const auto dark = inputFacts(recorded(1, 0), kCamera);
        QVERIFY2(std::abs(dark.contrast - 1) < 0.1, qPrintable(QString::number(dark.contrast)));
        QVERIFY(dark.bright < 10);
        // Without a camera to compare with only these are known.
        const auto unknown = inputFacts(recorded(1), {});
        QVERIFY(std::isnan(unknown.noiseRatio) && std::isnan(unknown.contrast));
        QVERIFY(unknown.bright > 440);
    }

    void saturationIsValuesThatPileUp() {
        QCOMPARE(saturatedShare(recorded(1)), 0.0);
        // At a limit of the camera's own.
        const auto plane = recorded(1);
        const auto clipped =
            uint16Plane(128, [&](int x, int y) { return std::min(plane.value(x, y), 300.0); });
        double count = 0;
        for (int y = 0; y < 128; ++y)
            for (int x = 0; x < 128; ++x)
                count += plane.value(x, y) >= 300;
        QCOMPARE(saturatedShare(clipped), count / (128 * 128));
        // At the type's limit even where there is little of it.
        const auto full =
            uint16Plane(32, [](int x, int y) { return x == 3 && y < 2 ? 65535 : 65000 + x; });
        QCOMPARE(saturatedShare(full), 2.0 / 1024);
        QCOMPARE(saturatedShare(uint16Plane(8, [](int, int) { return 7; })), 0.0);
        QCOMPARE(saturatedShare(clipped.toFloat()), 0.0);
    }
};

QTEST_APPLESS_MAIN(TestInputFacts)
#include "tst_input_facts.moc"
