// Every sampler against the Gaussian field, whose posterior is known: mean and variance at every
// frequency, pooled, within four standard errors.
#include <QtTest>

#include "core/base/error.h"
#include "core/physics/identity.h"
#include "tests/core/sampling/posterior_check.h"

using namespace posteria;
using namespace posteria::sampling;

class TestSampler : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void oneShotIsThePosteriorMean() {
        const GaussianOracle oracle(kSide);
        const at::Tensor y = oracle.degraded(1);
        const auto sampler = makeSampler({"oneshot"});
        QCOMPARE(sampler->noiseFields(), 0);
        const at::Tensor x = sampler->draw(y, {}, oracle.restorer());
        QVERIFY(at::allclose(x, oracle.filter(oracle.K, y)));
    }

    // With many steps the flow's samples follow the posterior.
    void flowReachesThePosterior_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("steps");
        QTest::newRow("Euler") << "cfm-euler" << 800;
        QTest::newRow("Heun") << "cfm-heun" << 60;
    }
    void flowReachesThePosterior() {
        QFETCH(QString, name);
        QFETCH(int, steps);
        const GaussianOracle oracle(kSide);
        const at::Tensor y = oracle.degraded(2);
        const auto sampler = makeSampler({name.toStdString(), steps});
        compare(oracle, drawSamples(*sampler, oracle.restorer(), y), oracle.filter(oracle.K, y),
                oracle.P);
    }

    // A flow around the posterior mean starts without a call; around anything else, guided by it,
    // the samples are right all the same.
    void flowAroundAMeanReachesThePosterior_data() {
        QTest::addColumn<bool>("right");
        QTest::newRow("the posterior mean") << true;
        QTest::newRow("another image") << false;
    }
    void flowAroundAMeanReachesThePosterior() {
        QFETCH(bool, right);
        const GaussianOracle oracle(kSide);
        const at::Tensor y = oracle.degraded(7);
        const double scale = 0.7;
        const at::Tensor mean = right ? oracle.filter(oracle.K, y) : 0.8 * y;
        Restorer around;
        around.centred = right;
        // r = (x - mean) / scale given y: mean (K y - mean) / scale, variance P / scale^2.
        around.velocity = [&](const at::Tensor& r, const at::Tensor& guide, double tau) {
            if (right && tau == 0) throw std::logic_error("the first step is known");
            const at::Tensor given = guide.slice(1, 0, 1), centre = guide.slice(1, 1, 2);
            const at::Tensor m = (oracle.filter(oracle.K, given) - centre) / scale;
            const at::Tensor variance = oracle.P / (scale * scale);
            const at::Tensor gain =
                (tau * variance - (1 - tau)) / (tau * tau * variance + (1 - tau) * (1 - tau));
            return m + oracle.filter(gain, r - tau * m);
        };
        const auto sampler = makeSampler({"cfm-heun", 60});
        const at::Tensor drawn = drawSamples(*sampler, around, at::cat({y, mean}, 1));
        compare(oracle, mean + scale * drawn, oracle.filter(oracle.K, y), oracle.P);
    }

    // With few steps both integrators have their own closed form: x = mean part + gain * noise,
    // each following the same linear step.
    void flowWithFewStepsIsItsOwnClosedForm_data() {
        QTest::addColumn<QString>("name");
        QTest::newRow("Euler") << "cfm-euler";
        QTest::newRow("Heun") << "cfm-heun";
    }
    void flowWithFewStepsIsItsOwnClosedForm() {
        QFETCH(QString, name);
        const GaussianOracle oracle(kSide);
        const at::Tensor y = oracle.degraded(3);
        const int steps = 6;
        const bool heun = name == "cfm-heun";
        // State = a m + g noise, m the posterior mean: v = m + c (x - tau m).
        at::Tensor a = at::zeros_like(oracle.P), g = at::ones_like(oracle.P);
        for (int i = 0; i < steps; ++i) {
            const double now = static_cast<double>(i) / steps,
                         next = static_cast<double>(i + 1) / steps, d = next - now;
            const at::Tensor c = oracle.velocityGainState(now);
            const at::Tensor va = 1 + c * (a - now), vg = c * g;
            if (!heun || i + 1 == steps) {
                a = a + d * va;
                g = g + d * vg;
            } else {
                const at::Tensor c2 = oracle.velocityGainState(next);
                const at::Tensor wa = 1 + c2 * (a + d * va - next), wg = c2 * (g + d * vg);
                a = a + d / 2 * (va + wa);
                g = g + d / 2 * (vg + wg);
            }
        }
        const auto sampler = makeSampler({name.toStdString(), steps});
        compare(oracle, drawSamples(*sampler, oracle.restorer(), y), oracle.filter(a * oracle.K, y),
                g.square());
    }

    // E|mean of k - x|^2 = (1 + 1/k) MMSE for a posterior that deserves its name.
    void meanOfSamplesConvergesAsAPosterior() {
        const GaussianOracle oracle(kSide);
        const auto sampler = makeSampler({"cfm-heun", 40});
        double single = 0, many = 0;
        const double mmse = oracle.P.mean().item<double>();
        for (std::uint64_t field = 0; field < 12; ++field) {
            auto generator = tensor::makeGenerator(500 + field, 0);
            const at::Tensor x =
                oracle.filter(oracle.S.sqrt(), tensor::normal({1, 1, kSide, kSide}, generator));
            const at::Tensor y =
                oracle.filter(oracle.H, x) + std::sqrt(GaussianOracle::kNoiseVariance) *
                                                 tensor::normal({1, 1, kSide, kSide}, generator);
            const at::Tensor samples = drawSamples(*sampler, oracle.restorer(), y);
            single += (samples[0] - x[0]).square().mean().item<double>() / 12;
            many += (samples.mean(at::IntArrayRef{0}) - x[0]).square().mean().item<double>() / 12;
        }
        // Twelve fields of 1024 pixels: the mean squares are known to a few per cent.
        QVERIFY2(std::abs(single / mmse - 2) < 0.25, qPrintable(QString::number(single / mmse)));
        QVERIFY2(std::abs(many / mmse - (1 + 1.0 / kSamples)) < 0.15,
                 qPrintable(QString::number(many / mmse)));
    }

    // Samples decoded from latents of two levels that together have the posterior's variance.
    void decodedLatentsAreThePosterior() {
        const GaussianOracle oracle(kSide);
        const at::Tensor y = oracle.degraded(6);
        SamplerOptions options{"hdn", 1};
        options.latentLevels = 2;
        const auto sampler = makeSampler(options);
        QCOMPARE(sampler->noiseFields(), 2);
        Restorer decoding;
        decoding.decode = [&](const at::Tensor& seen, const std::vector<at::Tensor>& latents) {
            return oracle.filter(oracle.K, seen) +
                   oracle.filter(oracle.P.sqrt(), 0.6 * latents.at(0) + 0.8 * latents.at(1));
        };
        compare(oracle, drawSamples(*sampler, decoding, y), oracle.filter(oracle.K, y), oracle.P);
    }

    // Pixels that are independent, the left half seen with little noise and the right with much:
    // each half is restored as well as its own noise allows. Told one noise for all, the left is
    // not.
    void ddrmKnowsTheNoiseOfEveryPixel() {
        const physics::Identity identity;
        auto generator = tensor::makeGenerator(11, 0);
        at::Tensor noise = at::full({1, 1, kSide, kSide}, 0.1);
        noise.slice(3, kSide / 2).fill_(2.0);
        const at::Tensor y = tensor::normal(noise.sizes(), generator) +
                             noise * tensor::normal(noise.sizes(), generator);
        const at::Tensor expected = y / (1 + noise.square());
        Restorer restorer;
        restorer.degradation = &identity;
        restorer.denoise = [](const at::Tensor& x, double sigma) {
            return x / (1 + sigma * sigma);
        };
        const auto sampler = makeSampler({"ddrm", 20});
        const auto error = [&](const at::Tensor& told, std::int64_t from) {
            restorer.noise = [&](const at::Tensor&) { return told; };
            const at::Tensor mean =
                drawSamples(*sampler, restorer, y).mean(at::IntArrayRef{0}, true);
            return (mean - expected)
                .slice(3, from, from + kSide / 2)
                .square()
                .mean()
                .item<double>();
        };
        const double left = error(noise, 0), right = error(noise, kSide / 2);
        QVERIFY2(left < 0.01, qPrintable(QString::number(left)));
        QVERIFY2(right < 0.4, qPrintable(QString::number(right)));
        const double blind = error(noise.square().mean().sqrt().view({1}), 0);
        QVERIFY2(blind > 10 * left, qPrintable(QString("%1 %2").arg(blind).arg(left)));
    }

    void callsAreCountedRight_data() {
        QTest::addColumn<QString>("name");
        for (const char* name :
             {"oneshot", "cfm-euler", "cfm-heun", "indi", "indi-brownian", "cold-naive",
              "cold-improved", "blend", "ddrm", "hdn", "wiener", "richardson-lucy"})
            QTest::newRow(name) << name;
    }
    void callsAreCountedRight() {
        QFETCH(QString, name);
        const GaussianOracle oracle(kSide);
        int calls = 0;
        Restorer counted = oracle.restorer(), inner = counted;
        counted.mean = [&](const at::Tensor& y) { return ++calls, inner.mean(y); };
        counted.velocity = [&](const at::Tensor& x, const at::Tensor& y, double t) {
            return ++calls, inner.velocity(x, y, t);
        };
        counted.restore = [&](const at::Tensor& x, const at::Tensor& y, double t) {
            return ++calls, inner.restore(x, y, t);
        };
        counted.degrade = [&](const at::Tensor& x, const at::Tensor& y, double t) {
            return ++calls, inner.degrade(x, y, t);
        };
        counted.denoise = [&](const at::Tensor& x, double sigma) {
            return ++calls, inner.denoise(x, sigma);
        };
        counted.decode = [&](const at::Tensor& y, const std::vector<at::Tensor>&) {
            return ++calls, y;
        };
        const auto sampler = makeSampler({name.toStdString(), 5});
        const at::Tensor y = oracle.degraded(5);
        for (const bool centred : {false, true}) {
            calls = 0;
            counted.centred = centred;
            sampler->draw(
                y, [&](int) { return at::zeros_like(y); }, counted);
            QCOMPARE(calls, sampler->networkCalls(centred));
        }
    }

    void unknownNamesAndStepsAreRefused() {
        QVERIFY_EXCEPTION_THROWN(makeSampler({"nonsense", 3}), Error);
        QVERIFY_EXCEPTION_THROWN(makeSampler({"indi", 0}), Error);
    }
};

QTEST_APPLESS_MAIN(TestSampler)
#include "tst_sampler.moc"
