// A plugin's degradation as one of ours: the dot test over batches, the types of tensors, and what
// it does not have.
#include <torch/torch.h>

#include <QtTest>

#include "core/base/error.h"
#include "core/physics/plugin_degradation.h"
#include "tests/plugins/shipped.h"

using namespace posteria;
using physics::PluginDegradation;

namespace {

at::Tensor random(at::IntArrayRef shape, std::uint64_t seed) {
    auto generator = at::detail::createCPUGenerator(seed);
    return torch::randn(shape, generator, torch::kDouble);
}

}  // namespace

class TestPluginDegradation : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void passesTheDotTest() {
        const PluginDegradation blur(shipped::plugins(), "posteria.gaussian-blur");
        const auto x = random({3, 1, 20, 31}, 1), y = random({3, 1, 20, 31}, 2);
        const auto t = torch::tensor({0.0, 0.4, 1.0}, torch::kDouble);
        const auto blurred = blur.apply(x, t);
        QCOMPARE(blurred.scalar_type(), torch::kDouble);
        const auto left = (blurred * y).sum({1, 2, 3});
        const auto right = (x * blur.adjoint(y, t)).sum({1, 2, 3});
        // The plugin works in float32.
        const double scale = std::sqrt((x.square().sum() * y.square().sum()).item<double>());
        QVERIFY((left - right).abs().max().item<double>() < 1e-7 * scale);
        QVERIFY((blurred[0] - x[0]).abs().max().item<double>() < 1e-6);
        QVERIFY(blurred[2].var().item<double>() < 0.1 * x[2].var().item<double>());
    }

    void takesImagesThatAreNotDense() {
        const PluginDegradation blur(shipped::plugins(), "posteria.gaussian-blur");
        const auto x = random({1, 1, 12, 9}, 3).to(torch::kFloat);
        const auto t = torch::ones({1});
        const auto turned = blur.apply(x.transpose(2, 3), t).transpose(2, 3);
        QVERIFY((turned - blur.apply(x, t)).abs().max().item<double>() < 1e-6);
    }

    void refuses() {
        const auto plugins = shipped::plugins();
        QVERIFY_EXCEPTION_THROWN(PluginDegradation(plugins, "posteria.ome-zarr"), Error);
        const PluginDegradation blur(plugins, "posteria.gaussian-blur");
        const auto x = random({1, 2, 4, 4}, 4);
        QVERIFY_EXCEPTION_THROWN(blur.apply(x, torch::ones({1})), Error);
        QVERIFY_EXCEPTION_THROWN(blur.apply(x.slice(1, 0, 1), torch::full({1}, 2.0)), Error);
        QVERIFY_EXCEPTION_THROWN(blur.singularValues(4, 4, 1), Error);
        QVERIFY_EXCEPTION_THROWN(blur.analyse(x, 1), Error);
    }
};

QTEST_APPLESS_MAIN(TestPluginDegradation)
#include "tst_plugin_degradation.moc"
