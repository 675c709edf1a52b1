// What a camera's noise alone leaves against what it leaves together with something left out.
#include <QtTest>
#include <cmath>
#include <random>

#include "core/analysis/residual_check.h"

using namespace posteria;
using analysis::Planes;

namespace {

constexpr int kSide = 128;

template <class Value>
image::Plane plane(int side, Value value) {
    void* memory = nullptr;
    auto result = image::Plane::allocate(image::PixelType::Float32, side, side, &memory);
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            static_cast<float*>(memory)[y * side + x] = static_cast<float>(value(x, y));
    return result;
}

// Blobs of 10 to 310 grey values.
double light(int x, int y) {
    return 10 + 150 * (1 + std::sin(0.11 * x) * std::cos(0.13 * y));
}

// Photons at 2.5 grey values each and read-out noise of 4 grey values, around what is left out.
Planes residual(std::uint64_t seed, double leftOut) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> read(0, 4);
    return {plane(kSide, [&](int x, int y) {
        const double l = light(x, y);
        std::poisson_distribution<int> photons(l / 2.5);
        return 2.5 * photons(random) - l + read(random) +
               leftOut *
                   std::exp(-0.5 * (std::pow((x - 40) / 6.0, 2) + std::pow((y - 70) / 6.0, 2)));
    })};
}

}  // namespace

class TestResidualCheck : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void noiseAloneIsWhite() {
        const Planes degraded{plane(kSide, light)};
        double mean = 0, slope = 0, constant = 0;
        for (int seed = 1; seed <= 8; ++seed) {
            const auto check = analysis::checkResidual(residual(seed, 0), degraded);
            // A few hundred waves decide: a twelfth of scatter, four of them.
            QVERIFY2(std::abs(check.structure - 1) < 0.33,
                     qPrintable(QString::number(check.structure)));
            mean += check.structure / 8, slope += check.slope / 8, constant += check.constant / 8;
        }
        QVERIFY2(std::abs(mean - 1) < 0.12, qPrintable(QString::number(mean)));
        QVERIFY2(std::abs(slope - 2.5) < 0.25, qPrintable(QString::number(slope)));
        QVERIFY2(std::abs(constant - 16) < 12, qPrintable(QString::number(constant)));
    }

    // A spot no brighter than the noise around it.
    void whatIsLeftOutShows() {
        const Planes degraded{plane(kSide, light)};
        const double structure = analysis::checkResidual(residual(3, 40), degraded).structure;
        QVERIFY2(structure > 2, qPrintable(QString::number(structure)));
    }

    void nothingToCompareSaysNothing() {
        const Planes flat{plane(kSide, [](int, int) { return 5; })};
        QVERIFY(std::isnan(analysis::checkResidual(flat, flat).structure));
        const Planes small{plane(16, [](int x, int y) { return x * y % 7; })};
        QVERIFY(std::isnan(analysis::checkResidual(small, small).structure));
    }
};

QTEST_APPLESS_MAIN(TestResidualCheck)
#include "tst_residual_check.moc"
