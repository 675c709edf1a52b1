// Restoration without networks by what is known of it: Wiener's filter is the posterior mean of a
// Gaussian field, unmixing fulfils the conditions of Karush, Kuhn and Tucker.
#include <QtTest>

#include "core/base/error.h"
#include "core/sampling/classical.h"
#include "core/sampling/margin.h"
#include "core/sampling/richardson_lucy.h"
#include "core/sampling/unmixing.h"
#include "core/sampling/wiener.h"
#include "tests/core/sampling/gaussian_oracle.h"

using namespace posteria;
using namespace posteria::sampling;

namespace {

constexpr std::int64_t kSide = 64;

double meanSquare(const at::Tensor& x) {
    return x.to(at::kDouble).square().mean().item<double>();
}

}  // namespace

class TestClassical : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void wienerIsThePosteriorMean() {
        const GaussianOracle oracle(kSide);
        const at::Tensor y = oracle.degraded(3);
        const at::Tensor x = wiener(y, oracle.blur, 1, GaussianOracle::kNoiseVariance, oracle.S);
        // The oracle's blur passes no frequency that counts as dark.
        QVERIFY(oracle.blur.singularValues(kSide, kSide, 1).min().item<double>() < 0.03);
        const at::Tensor kept = at::where(oracle.H >= 0.03, oracle.K, at::zeros_like(oracle.K));
        QVERIFY(at::allclose(x, oracle.filter(kept, y), 1e-4, 1e-4));
    }

    // Signal and noise are told apart by the image's own spectrum nearly as well as by the true
    // ones, averaged over images.
    void spectrumIsEstimated() {
        const GaussianOracle oracle(kSide);
        const auto sampler = makeSampler({"wiener"});
        QCOMPARE(sampler->noiseFields(), 0);
        double own = 0, best = 0;
        for (std::uint64_t seed = 0; seed < 8; ++seed) {
            const at::Tensor y = oracle.degraded(seed), mean = oracle.filter(oracle.K, y);
            own += meanSquare(sampler->draw(y, {}, oracle.restorer()) - mean);
            best += oracle.P.mean().item<double>();
        }
        // Distance to the best estimate, over that estimate's own error.
        qInfo("%.3f of %.3f", own, best);
        QVERIFY2(own < 0.25 * best, qPrintable(QString("%1 of %2").arg(own).arg(best)));
    }

    // What is restored twice as much light is restored twice as bright; the view is looked through
    // at the end; the margin keeps the borders apart.
    void richardsonLucyIsASampler() {
        at::Tensor psf = at::zeros({9, 9}, at::kDouble);
        psf.slice(0, 2, 7).slice(1, 2, 7).fill_(1.0 / 25);
        const physics::Blur blur(psf);
        at::Tensor points = at::zeros({1, 1, 40, 56});
        points[0][0][10][12] = 2500;
        points[0][0][25][40] = 2500;
        const at::Tensor y = 5 + blur.apply(points, at::ones({1}));
        Restorer restorer;
        restorer.degradation = &blur;
        restorer.margin = 9;
        const auto sampler = makeSampler({"richardson-lucy", 4});
        const at::Tensor x = sampler->draw(y, {}, restorer);
        QCOMPARE(x.sizes(), y.sizes());
        QVERIFY(at::allclose(sampler->draw(2 * y, {}, restorer), 2 * x, 1e-3, 1e-3));
        QVERIFY(x.max().item<double>() > 1.5 * y.max().item<double>());
        restorer.view = &blur;
        QVERIFY(sampler->draw(y, {}, restorer).max().item<double>() < 0.8 * x.max().item<double>());
        int polls = 0;
        restorer.poll = [&] { ++polls; };
        sampler->draw(y, {}, restorer);
        QCOMPARE(polls, 4);
        restorer.degradation = nullptr;
        QVERIFY_EXCEPTION_THROWN(sampler->draw(y, {}, restorer), Error);
    }

    void marginsAreMirrors() {
        auto generator = tensor::makeGenerator(4, 1);
        const at::Tensor image = tensor::normal({2, 1, 5, 8}, generator);
        for (const std::int64_t margin : {0, 1, 4, 11}) {
            const at::Tensor wide = mirrored(image, margin);
            QCOMPARE(wide.size(2), 5 + 2 * margin);
            QCOMPARE(wide.size(3), 8 + 2 * margin);
            QVERIFY(at::equal(withoutMargin(wide, margin), image));
            if (margin == 0) continue;
            QVERIFY(at::equal(wide.select(2, margin - 1), wide.select(2, margin + 1)));
        }
    }

    // Where all light is explained exactly that is found; with noise, no step downhill is left:
    // the gradient is 0 where x is above 0, and 0 or more elsewhere.
    void unmixingIsTheLeastSquare() {
        auto generator = tensor::makeGenerator(8, 0);
        const at::Tensor m =
            at::tensor({1.0, 0.3, 0.05, 0.2, 1.0, 0.4, 0.0, 0.25, 1.0, 0.1, 0.1, 0.6}, at::kFloat)
                .view({4, 3});
        const at::Tensor truth = tensor::normal({2, 3, 10, 12}, generator).clamp_min(0);
        const at::Tensor y = at::einsum("dc,nchw->ndhw", {m, truth});
        QVERIFY(at::allclose(nonNegativeLeastSquares(y, m), truth, 1e-3, 1e-3));

        const at::Tensor noisy = y + 0.5 * tensor::normal(y.sizes(), generator);
        const at::Tensor x = nonNegativeLeastSquares(noisy, m);
        const at::Tensor gradient =
            at::einsum("dc,ndhw->nchw", {m, at::einsum("dc,nchw->ndhw", {m, x}) - noisy});
        QVERIFY(x.min().item<double>() >= 0);
        QVERIFY((x == 0).any().item<bool>() && (x > 0).any().item<bool>());
        QVERIFY(gradient.masked_select(x > 0).abs().max().item<double>() < 1e-3);
        QVERIFY(gradient.masked_select(x == 0).min().item<double>() > -1e-3);

        Restorer restorer;
        restorer.matrix = m;
        QVERIFY(at::equal(makeSampler({"nnls"})->draw(noisy, {}, restorer), x));
        QVERIFY_EXCEPTION_THROWN(nonNegativeLeastSquares(y.slice(1, 0, 3), m), Error);
        QVERIFY_EXCEPTION_THROWN(nonNegativeLeastSquares(y, at::zeros({4, 3})), Error);
    }
};

QTEST_APPLESS_MAIN(TestClassical)
#include "tst_classical.moc"
