// Every degradation: its adjoint by the dot test, its singular values by putting the operator
// together again, its ends, and what it refuses.
#include <torch/torch.h>

#include <QtTest>
#include <functional>
#include <memory>

#include "core/base/error.h"
#include "core/physics/bleedthrough.h"
#include "core/physics/block_mean.h"
#include "core/physics/blur.h"
#include "core/physics/identity.h"
#include "core/physics/mixing.h"
#include "core/physics/optics.h"

using namespace posteria::physics;
using posteria::Error;

namespace {

using Made = std::shared_ptr<const Degradation>;

at::Tensor random(at::IntArrayRef shape, std::uint64_t seed) {
    auto generator = at::detail::createCPUGenerator(seed);
    return torch::randn(shape, generator, torch::kDouble);
}

double largest(const at::Tensor& x) {
    return x.abs().max().item<double>();
}

}  // namespace

Q_DECLARE_METATYPE(Made)

class TestDegradation : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void adjointPassesTheDotTest_data() { degradations(); }
    void adjointPassesTheDotTest() {
        QFETCH(Made, made);
        QFETCH(int, height);
        const auto x = random({4, made->cleanChannels(), height, 10}, 3);
        const auto y = random({4, made->degradedChannels(), height, 10}, 4);
        const auto t = torch::tensor({0.0, 0.3, 0.8, 1.0}, torch::kDouble);
        for (int i = 0; i < 4; ++i) {
            const auto one = [&](const at::Tensor& v) { return v.slice(0, i, i + 1); };
            const double left = (made->apply(one(x), one(t)) * one(y)).sum().item<double>();
            const double right = (one(x) * made->adjoint(one(y), one(t))).sum().item<double>();
            QVERIFY2(std::abs(left) > 1e-3, "else the comparison says nothing");
            QVERIFY2(std::abs(left - right) < 1e-9 * std::max(1.0, std::abs(left)),
                     qPrintable(QString("%1 %2").arg(left).arg(right)));
            // A batch is its images one by one.
            QVERIFY(largest(made->apply(x, t).slice(0, i, i + 1) - made->apply(one(x), one(t))) <
                    1e-12);
        }
    }

    // V is orthonormal, and U^T D x = S V^T x wherever there is a measurement.
    void singularValuesAreTheOperator_data() { degradations(); }
    void singularValuesAreTheOperator() {
        QFETCH(Made, made);
        QFETCH(int, height);
        for (const double t : {0.0, 0.3, 1.0}) {
            const auto x = random({2, made->cleanChannels(), height, 10}, 5);
            const auto coefficients = made->analyse(x, t);
            QCOMPARE(coefficients.sizes(), x.sizes());
            QVERIFY(largest(made->synthesise(coefficients, t) - x) < 1e-10);
            QVERIFY(std::abs((coefficients.square().sum() / x.square().sum()).item<double>() - 1) <
                    1e-10);
            const auto values = made->singularValues(height, 10, t).expand_as(x);
            QVERIFY(values.min().item<double>() >= 0);
            const auto degraded = made->apply(x, torch::full({2}, t, torch::kDouble));
            const auto seen = torch::where(values > 1e-9, made->project(degraded, t),
                                           torch::zeros({1}, torch::kDouble));
            QVERIFY2(largest(seen - values * coefficients) < 1e-9,
                     qPrintable(QString::number(largest(seen - values * coefficients))));
            // Noise keeps its strength on the way: U has unit length too.
            const auto noise = random(degraded.sizes(), 6);
            const double kept =
                (made->project(noise, t).square().sum() / noise.square().sum()).item<double>();
            QVERIFY2(kept < 1 + 1e-9, qPrintable(QString::number(kept)));
        }
    }

    void withoutSeverityNothingChanges_data() { degradations(); }
    void withoutSeverityNothingChanges() {
        QFETCH(Made, made);
        QFETCH(int, height);
        const auto x = random({1, made->cleanChannels(), height, 10}, 7);
        const auto y = made->apply(x, torch::zeros({1}, torch::kDouble));
        QVERIFY(largest(y - x.slice(1, 0, y.size(1))) < 1e-12);
    }

    void refusesOtherShapes_data() { degradations(); }
    void refusesOtherShapes() {
        QFETCH(Made, made);
        QFETCH(int, height);
        const auto one = torch::ones({1}, torch::kDouble);
        const auto c = made->cleanChannels(), d = made->degradedChannels();
        QVERIFY_EXCEPTION_THROWN(made->apply(random({1, c + 1, height, 10}, 1), one), Error);
        QVERIFY_EXCEPTION_THROWN(made->apply(random({2, c, height, 10}, 1), one), Error);
        QVERIFY_EXCEPTION_THROWN(made->adjoint(random({1, d + 1, height, 10}, 1), one), Error);
    }

    void mixingWeighsTheChannels() {
        auto clean = torch::zeros({3, 2, 4, 5});
        clean.select(1, 0).fill_(10);
        clean.select(1, 1).fill_(2);
        const auto mixed = Mixing().apply(clean, torch::tensor({0.0f, 0.25f, 1.0f}));
        QCOMPARE(mixed.sizes().vec(), (std::vector<std::int64_t>{3, 1, 4, 5}));
        const double expected[] = {10, 8, 2};  // t is the weight of the second channel
        for (int i = 0; i < 3; ++i)
            QVERIFY(largest(mixed[i] - expected[i]) < 1e-6);
    }

    void bleedthroughGoesByItsMatrix() {
        auto clean = torch::zeros({1, 2, 3, 3});
        clean.select(1, 0).fill_(100);
        clean.select(1, 1).fill_(10);
        const Bleedthrough both({{0.9, 0.1}, {0.3, 1.1}});
        const auto seen = both.apply(clean, torch::ones({1}));
        QVERIFY(largest(seen.select(1, 0) - 91) < 1e-4);
        QVERIFY(largest(seen.select(1, 1) - 41) < 1e-4);
        const auto half = both.apply(clean, torch::full({1}, 0.5f));
        QVERIFY(largest(half.select(1, 1) - 25.5) < 1e-4);
        QVERIFY_EXCEPTION_THROWN(Bleedthrough({{1, 0}}), Error);
        QVERIFY_EXCEPTION_THROWN(Bleedthrough({}), Error);
        QVERIFY_EXCEPTION_THROWN(Bleedthrough({{1, NAN}, {0, 1}}), Error);
    }

    // A point becomes the function, moved as the function's centre says and around the border.
    void blurSpreadsAPoint() {
        const auto psf = random({5, 5}, 8).abs();
        auto point = torch::zeros({1, 1, 9, 10}, torch::kDouble);
        point[0][0][4][0] = 1;
        const auto image = Blur(psf).apply(point, torch::ones({1}, torch::kDouble))[0][0];
        for (int y = 0; y < 5; ++y)
            for (int x = 0; x < 5; ++x)
                QVERIFY(std::abs((image[2 + y][(8 + x) % 10] - psf[y][x]).item<double>()) < 1e-12);
        QVERIFY(std::abs((image.sum() - psf.sum()).item<double>()) < 1e-12);
        QVERIFY_EXCEPTION_THROWN(Blur(torch::ones({3, 4})), Error);
    }

    void blockMeanIsTheMean() {
        const auto x = random({1, 1, 4, 6}, 9);
        const auto y = BlockMean(2).apply(x, torch::ones({1}, torch::kDouble));
        QVERIFY(largest(y - torch::avg_pool2d(x, 2).repeat_interleave(2, 2).repeat_interleave(
                                2, 3)) < 1e-12);
        QVERIFY_EXCEPTION_THROWN(BlockMean(4).apply(x, torch::ones({1}, torch::kDouble)), Error);
        QVERIFY_EXCEPTION_THROWN(BlockMean(0), Error);
    }

  private:
    static void degradations() {
        QTest::addColumn<Made>("made");
        QTest::addColumn<int>("height");
        Optics optics;
        QTest::newRow("mixing") << Made(std::make_shared<Mixing>()) << 7;
        QTest::newRow("bleedthrough")
            << Made(std::make_shared<Bleedthrough>(
                   std::vector<std::vector<double>>{{0.95, 0.2, 0}, {0.1, 1, 0.05}, {0, 0.3, 0.8}}))
            << 7;
        QTest::newRow("blur") << Made(std::make_shared<Blur>(psf(optics, 1, 9)[0])) << 7;
        QTest::newRow("blur, no symmetry")
            << Made(std::make_shared<Blur>(random({4, 4}, 2).abs() / 12)) << 8;
        QTest::newRow("block mean") << Made(std::make_shared<BlockMean>(2)) << 8;
        QTest::newRow("identity") << Made(std::make_shared<Identity>(2)) << 7;
    }
};

QTEST_APPLESS_MAIN(TestDegradation)
#include "tst_degradation.moc"
