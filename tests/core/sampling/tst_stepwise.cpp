// Samplers that go step by step from the degraded image, and DDRM, against the Gaussian field: each
// is linear there, so that its mean and its variance have a closed form at every frequency.
#include "core/base/error.h"
#include "core/sampling/ddrm.h"
#include "tests/core/sampling/posterior_check.h"

using namespace posteria;
using namespace posteria::sampling;

class TestStepwise : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void indiFollowsItsClosedForm_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("steps");
        QTest::newRow("constant, 1 step") << "indi" << 1;
        QTest::newRow("constant, 10 steps") << "indi" << 10;
        QTest::newRow("Brownian, 10 steps") << "indi-brownian" << 10;
    }
    void indiFollowsItsClosedForm() {
        QFETCH(QString, name);
        QFETCH(int, steps);
        const GaussianOracle oracle(kSide);
        const at::Tensor y = oracle.degraded(4);
        const double eps = 0.3, d = 1.0 / steps;
        const bool brownian = name == "indi-brownian";
        // State = a y + noise of variance v at every frequency.
        at::Tensor a = at::ones_like(oracle.P), v = at::full_like(oracle.P, eps * eps);
        for (int i = 0; i < steps; ++i) {
            const double t = 1 - i * d;
            const at::Tensor gain =
                1 - d / t + d / t * oracle.restoreGain(t, (brownian ? std::sqrt(t) : t) * eps);
            a = a * gain;
            v = v * gain.square();
            if (brownian && i + 1 < steps) v = v + eps * eps * (t - d) * d / t;
        }
        const auto sampler = makeSampler({name.toStdString(), steps, eps});
        QCOMPARE(sampler->noiseFields(), brownian ? steps : 1);
        compare(oracle, drawSamples(*sampler, oracle.restorer(eps, brownian), y),
                oracle.filter(a, y), v);
    }

    void coldDiffusionFollowsItsClosedForm_data() {
        QTest::addColumn<QString>("name");
        QTest::newRow("naive") << "cold-naive";
        QTest::newRow("improved") << "cold-improved";
        QTest::newRow("blend") << "blend";
    }
    void coldDiffusionFollowsItsClosedForm() {
        QFETCH(QString, name);
        const GaussianOracle oracle(kSide);
        const at::Tensor y = oracle.degraded(6);
        constexpr int kSteps = 5;
        constexpr double kBlend = 0.4;
        const auto degrade = [&](double t) { return (1 - t) + t * oracle.H; };
        at::Tensor g = at::ones_like(oracle.P);
        for (int i = 0; i < kSteps; ++i) {
            const double t = 1 - static_cast<double>(i) / kSteps,
                         next = 1 - static_cast<double>(i + 1) / kSteps;
            const at::Tensor x0 = oracle.restoreGain(t, 0) * g;
            if (name == "cold-naive")
                g = degrade(next) * x0;
            else if (name == "cold-improved")
                g = g + (degrade(next) - degrade(t)) * x0;
            else
                g = i + 1 < kSteps ? kBlend * degrade(next) * x0 + (1 - kBlend) * g : x0;
        }
        const auto sampler = makeSampler({name.toStdString(), kSteps, 0.01, kBlend});
        QCOMPARE(sampler->noiseFields(), 0);
        const at::Tensor x = sampler->draw(y, {}, oracle.restorer());
        QVERIFY(at::allclose(x, oracle.filter(g, y), 1e-4, 1e-4));
    }

    // With D(x, t) = x + t e the improved update cancels whatever the restorer answers; the naive
    // one keeps the last answer.
    void improvedUpdateCancelsTheRestorer() {
        auto generator = tensor::makeGenerator(31, 0);
        const at::Tensor x = tensor::normal({1, 1, 8, 8}, generator),
                         e = tensor::normal({1, 1, 8, 8}, generator);
        Restorer r;
        r.restore = [](const at::Tensor& xt, const at::Tensor&, double t) {
            return 0.3 * xt.sin() + t;
        };
        r.degrade = [&](const at::Tensor& x0, const at::Tensor&, double t) { return x0 + t * e; };
        const at::Tensor y = x + e;
        const at::Tensor improved = makeSampler({"cold-improved", 7})->draw(y, {}, r);
        QVERIFY(at::allclose(improved, x, 1e-5, 1e-5));
        const at::Tensor naive = makeSampler({"cold-naive", 7})->draw(y, {}, r);
        QVERIFY((naive - x).abs().mean().item<double>() > 0.1);
    }

    // The unconditional update is the naive one, but its degradation is not told y.
    void unconditionalDoesNotShowY() {
        auto generator = tensor::makeGenerator(33, 0);
        const at::Tensor y = tensor::normal({1, 1, 8, 8}, generator);
        Restorer r;
        bool told = false;
        r.restore = [](const at::Tensor& xt, const at::Tensor&, double t) { return xt.sin() + t; };
        r.degrade = [&](const at::Tensor& x0, const at::Tensor& measured, double t) {
            told = measured.defined();
            return x0 + t;
        };
        const at::Tensor naive = makeSampler({"cold-naive", 4})->draw(y, {}, r);
        QVERIFY(told);
        const auto sampler = makeSampler({"cold-unconditional", 4});
        QVERIFY(at::equal(sampler->draw(y, {}, r), naive));
        QVERIFY(!told);
        QCOMPARE(sampler->networkCalls(false), 7);
    }

    void traceHoldsEveryStep() {
        auto generator = tensor::makeGenerator(34, 0);
        const at::Tensor y = tensor::normal({2, 1, 8, 8}, generator);
        std::vector<at::Tensor> states, estimates;
        Restorer r;
        r.restore = [&](const at::Tensor& xt, const at::Tensor&, double t) {
            states.push_back(xt);
            estimates.push_back(xt.sin() + t);
            return estimates.back();
        };
        r.degrade = [](const at::Tensor& x0, const at::Tensor&, double t) { return x0 + t; };
        SamplerOptions options;
        options.name = "cold-improved";
        options.steps = 3;
        const at::Tensor drawn = makeSampler(options)->draw(y, {}, r);
        states.clear(), estimates.clear();
        options.trace = true;
        const at::Tensor traced = makeSampler(options)->draw(y, {}, r);
        QCOMPARE(traced.sizes().vec(), (std::vector<std::int64_t>{2, 7, 8, 8}));
        QVERIFY(at::equal(traced.slice(1, 0, 1), drawn));
        for (std::int64_t i = 0; i < 3; ++i) {
            const auto at = static_cast<std::size_t>(i);
            QVERIFY(at::equal(traced.slice(1, 1 + 2 * i, 2 + 2 * i), states[at]));
            QVERIFY(at::equal(traced.slice(1, 2 + 2 * i, 3 + 2 * i), estimates[at]));
        }
        QVERIFY(canTrace("blend") && canTrace("indi") && !canTrace("cfm-heun") &&
                !canTrace("oneshot"));
    }

    // On the straight path between y and the estimate every update is the same.
    void updatesAgreeOnTheStraightPath() {
        auto generator = tensor::makeGenerator(32, 0);
        const at::Tensor x = tensor::normal({1, 1, 8, 8}, generator),
                         y = tensor::normal({1, 1, 8, 8}, generator);
        Restorer r;
        r.restore = [&](const at::Tensor&, const at::Tensor&, double) { return x; };
        r.degrade = [](const at::Tensor& x0, const at::Tensor& measured, double t) {
            return (1 - t) * x0 + t * measured;
        };
        for (const char* name : {"indi", "cold-naive", "cold-improved"}) {
            const at::Tensor drawn = makeSampler({name, 4, 0})->draw(y, {}, r);
            QVERIFY2(at::allclose(drawn, x, 1e-5, 1e-5), name);
        }
    }

    void ddrmFollowsItsClosedForm_data() {
        QTest::addColumn<int>("steps");
        QTest::newRow("1 step") << 1;
        QTest::newRow("20 steps") << 20;
    }
    void ddrmFollowsItsClosedForm() {
        QFETCH(int, steps);
        const GaussianOracle oracle(kSide);
        const at::Tensor y = oracle.degraded(8);
        constexpr double eta = 0.85, kept = 0.526782687642637;  // sqrt(1 - eta^2)
        const at::Tensor seen = oracle.H >= 0.03;
        QVERIFY(seen.any().item<bool>() && !seen.all().item<bool>());
        const at::Tensor s = at::where(seen, oracle.H, at::ones_like(oracle.H));
        const at::Tensor error = std::sqrt(GaussianOracle::kNoiseVariance) / s;
        // State = a y + noise of variance v.
        double sigma = ddrmNoiseLevel(0, steps);
        const at::Tensor known = at::logical_and(seen, error < sigma);
        at::Tensor a = at::where(known, 1 / s, at::zeros_like(s));
        at::Tensor v =
            at::where(known, sigma * sigma - error.square(), at::full_like(s, sigma * sigma));
        for (int i = 0;; ++i) {
            const at::Tensor gain = oracle.S / (oracle.S + sigma * sigma);
            if (i + 1 == steps) {
                a = gain * a;
                v = gain.square() * v;
                break;
            }
            const double next = ddrmNoiseLevel(i + 1, steps);
            const at::Tensor free = gain + kept * next / sigma * (1 - gain);
            const at::Tensor share = kept * next / error;
            const at::Tensor finer = (1 - share) * gain;
            const at::Tensor fresh = at::full_like(s, eta * eta * next * next);
            const at::Tensor below = error > next;
            a = at::where(seen, at::where(below, finer * a + share / s, 1 / s), free * a);
            v = at::where(
                seen, at::where(below, finer.square() * v + fresh, next * next - error.square()),
                free.square() * v + fresh);
            sigma = next;
        }
        const auto sampler = makeSampler({"ddrm", steps});
        QCOMPARE(sampler->noiseFields(), steps);
        compare(oracle, drawSamples(*sampler, oracle.restorer(), y), oracle.filter(a, y), v);
        // That form is near the posterior, but is not it: how far off, for the record.
        const auto squareError = [&](const at::Tensor& k) {
            return ((1 - k * oracle.H).square() * oracle.S +
                    k.square() * GaussianOracle::kNoiseVariance)
                .mean()
                .item<double>();
        };
        qInfo(
            "mean square error of the mean over the least possible: %.2f; variance over the "
            "posterior's: %.2f",
            squareError(a) / squareError(oracle.K), (v.mean() / oracle.P.mean()).item<double>());
    }

    void ddrmNeedsADegradation() {
        const GaussianOracle oracle(kSide);
        Restorer r = oracle.restorer();
        r.degradation = nullptr;
        const at::Tensor y = oracle.degraded(1);
        QVERIFY_EXCEPTION_THROWN(makeSampler({"ddrm", 2})
                                     ->draw(
                                         y, [&](int) { return y; }, r),
                                 Error);
    }
};

QTEST_APPLESS_MAIN(TestStepwise)
#include "tst_stepwise.moc"
