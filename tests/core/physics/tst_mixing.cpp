#include <torch/torch.h>

#include <QtTest>
#include <cmath>

#include "core/base/error.h"
#include "core/physics/mixing.h"

using posteria::physics::Mixing;

class TestMixing : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void weighsTheChannels();
    void adjointPassesTheDotTest();
    void refusesOtherShapes();
};

void TestMixing::weighsTheChannels() {
    auto clean = torch::zeros({3, 2, 4, 5});
    clean.select(1, 0).fill_(10);
    clean.select(1, 1).fill_(2);
    const auto mixed = Mixing().apply(clean, torch::tensor({0.0f, 0.25f, 1.0f}));
    QCOMPARE(mixed.sizes().vec(), (std::vector<std::int64_t>{3, 1, 4, 5}));
    const double expected[] = {10, 8, 2};  // t is the weight of the second channel
    for (int i = 0; i < 3; ++i)
        QVERIFY((mixed[i] - expected[i]).abs().max().item<double>() < 1e-6);
}

void TestMixing::adjointPassesTheDotTest() {
    auto generator = at::detail::createCPUGenerator(3);
    const auto x = torch::randn({4, 2, 9, 7}, generator, torch::kDouble);
    const auto y = torch::randn({4, 1, 9, 7}, generator, torch::kDouble);
    const auto t = torch::rand({4}, generator, torch::kDouble);
    const Mixing mixing;
    const double left = (mixing.apply(x, t) * y).sum().item<double>();
    const double right = (x * mixing.adjoint(y, t)).sum().item<double>();
    QVERIFY(std::abs(left) > 0.1);  // else the comparison says nothing
    QVERIFY(std::abs(left - right) < 1e-10 * std::abs(left));
}

void TestMixing::refusesOtherShapes() {
    const auto one = torch::ones({1});
    QVERIFY_EXCEPTION_THROWN(Mixing().apply(torch::zeros({1, 3, 4, 4}), one), posteria::Error);
    QVERIFY_EXCEPTION_THROWN(Mixing().apply(torch::zeros({2, 2, 4, 4}), one), posteria::Error);
    QVERIFY_EXCEPTION_THROWN(Mixing().adjoint(torch::zeros({1, 2, 4, 4}), one), posteria::Error);
}

QTEST_APPLESS_MAIN(TestMixing)
#include "tst_mixing.moc"
