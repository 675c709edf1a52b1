// Richardson and Lucy's iteration by what is proven of it: the likelihood never falls, the light is
// kept, nothing is negative; and that it sharpens.
#include <torch/torch.h>

#include <QtTest>

#include "core/base/error.h"
#include "core/physics/blur.h"
#include "core/physics/identity.h"
#include "core/sampling/richardson_lucy.h"
#include "core/tensor/random.h"

using namespace posteria;
using namespace posteria::sampling;

namespace {

constexpr std::int64_t kSide = 48;

at::Tensor gaussian(double sigma) {
    const auto x = torch::arange(-8, 9, torch::kDouble);
    const auto line = torch::exp(-0.5 * (x / sigma).square());
    const auto plane = line.unsqueeze(1) * line;
    return plane / plane.sum();
}

// Points of light in the dark, [1, 1, kSide, kSide].
at::Tensor points() {
    auto image = torch::zeros({1, 1, kSide, kSide}, torch::kDouble);
    for (const auto& [y, x] : {std::pair{10, 12}, {10, 15}, {30, 20}, {33, 40}})
        image[0][0][y][x] = 5000.0;
    return image;
}

at::Tensor one() {
    return torch::ones({1}, torch::kDouble);
}

}  // namespace

class TestRichardsonLucy : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void likelihoodNeverFallsAndLightIsKept() {
        const physics::Blur blur(gaussian(1.5));
        const double background = 4;
        auto generator = tensor::makeGenerator(5, 0);
        const auto y = torch::poisson(blur.apply(points(), one()) + background, generator);
        double before = -1e300;
        int seen = 0;
        RichardsonLucyOptions options;
        options.background = background;
        richardsonLucy(y, blur, options, [&](int i, const at::Tensor& x) {
            const auto expected = blur.apply(x, one()) + background;
            const double likelihood =
                (y * torch::log(expected.clamp_min(1e-12)) - expected).sum().item<double>();
            [&] {
                QCOMPARE(i, ++seen);
                QVERIFY2(
                    likelihood >= before - 1e-6 * std::abs(before),
                    qPrintable(
                        QString("iteration %1: %2 after %3").arg(i).arg(likelihood).arg(before)));
                QVERIFY(x.min().item<double>() >= 0);
            }();
            before = likelihood;
            return !QTest::currentTestFailed();
        });
        QCOMPARE(seen, options.iterations);
        // Without a background every iteration sends as much light as was seen.
        options.background = 0;
        richardsonLucy(y, blur, options, [&](int, const at::Tensor& x) {
            const double share = x.sum().item<double>() / y.sum().item<double>();
            [&] { QVERIFY2(std::abs(share - 1) < 1e-9, qPrintable(QString::number(share))); }();
            return !QTest::currentTestFailed();
        });
    }

    void sharpens() {
        const physics::Blur blur(gaussian(1.5));
        const auto y = blur.apply(points(), one());
        RichardsonLucyOptions options;
        options.iterations = 300;
        const auto x = richardsonLucy(y, blur, options, {});
        const double was = torch::mse_loss(y, points()).item<double>();
        const double is = torch::mse_loss(x, points()).item<double>();
        QVERIFY2(is < 0.25 * was, qPrintable(QString("%1 of %2").arg(is).arg(was)));
    }

    // Nothing to take back: the first iteration gives the image, what lies below 0 as 0.
    void identityIsDoneAtOnce() {
        auto y = points() + 3;
        y[0][0][0][0] = -7.0;
        RichardsonLucyOptions options;
        options.iterations = 1;
        const auto x = richardsonLucy(y, physics::Identity(1), options, {});
        QVERIFY(torch::allclose(x, y.clamp_min(0), 1e-6, 1e-6));
    }

    void stopsWhenTold() {
        int calls = 0;
        richardsonLucy(points(), physics::Blur(gaussian(1)), {},
                       [&](int, const at::Tensor&) { return ++calls < 3; });
        QCOMPARE(calls, 3);
    }

    void darknessStaysDark() {
        const auto y = torch::zeros({1, 1, 16, 16}, torch::kDouble);
        const auto x = richardsonLucy(y, physics::Blur(gaussian(1)), {}, {});
        QVERIFY(torch::isfinite(x).all().item<bool>());
        QVERIFY(x.max().item<double>() < 1e-20);
    }

    void wrongOptionsAreRefused() {
        RichardsonLucyOptions none, negative;
        none.iterations = 0;
        negative.background = -1;
        const physics::Blur blur(gaussian(1));
        QVERIFY_EXCEPTION_THROWN(richardsonLucy(points(), blur, none, {}), Error);
        QVERIFY_EXCEPTION_THROWN(richardsonLucy(points(), blur, negative, {}), Error);
    }
};

QTEST_APPLESS_MAIN(TestRichardsonLucy)
#include "tst_richardson_lucy.moc"
