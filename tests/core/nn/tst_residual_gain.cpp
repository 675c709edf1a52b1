// Gains of a sample's departure from the mean: fitted to what fields lack, and applied to them
// alone.
#include <QtTest>

#include "core/nn/model.h"
#include "core/nn/residual_gain.h"
#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"

using namespace posteria;
using namespace posteria::nn;

namespace {

at::Tensor noise(at::IntArrayRef shape, std::uint64_t seed) {
    auto generator = tensor::makeGenerator(seed, 0);
    return tensor::normal(shape, generator);
}

}  // namespace

class TestResidualGain : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    // White means of amplitude a have the level log a^2, whatever their size, and the level of an
    // even image is low but a number.
    void levelIsTheLogPowerOfFineWaves() {
        for (const std::int64_t side : {64, 150, 40}) {
            const at::Tensor white = noise({1, side, side + 30}, 3);
            const double one = fineLevel(white).front(), ten = fineLevel(10 * white).front();
            QVERIFY2(std::abs(one) < 0.3, qPrintable(QString::number(one)));
            QVERIFY(std::abs(ten - one - std::log(100)) < 1e-4);
        }
        const double even = fineLevel(at::full({1, 64, 64}, 5.0f)).front();
        QVERIFY(std::isfinite(even) && even < -20);
    }

    // Fields of several strengths: the truth has beside the mean twice the mean's amplitude,
    // samples have 3 of amplitude in every field. The gain is found where waves are short and
    // applied to a field by its own mean.
    void gainsFollowTheStructureOfTheMean() {
        constexpr int kFields = 24;
        std::vector<at::Tensor> truths, means, departures;
        std::vector<double> strengths;
        for (int i = 0; i < kFields; ++i) {
            const double strength = std::exp(0.05 * i - 0.6);
            strengths.push_back(strength);
            means.push_back(strength * noise({1, 64, 64}, 100 + i));
            truths.push_back(means.back() + 2 * strength * noise({1, 64, 64}, 200 + i));
            departures.push_back(3 * noise({4, 1, 64, 64}, 300 + i));
        }
        const auto fitted =
            fitResidualGain(at::stack(truths), at::stack(means), at::stack(departures));
        QCOMPARE(fitted.size(), std::size_t(1));
        QCOMPARE(fitted[0].gain[4], 1.0);
        QCOMPARE(fitted[0].slope[4], 0.0);
        for (int i : {0, kFields / 2, kFields - 1}) {
            const auto gains = gainsFor(fitted, means[i]);
            for (int j = 6; j < 20; ++j) {
                const double expected = 2 * strengths[i] / 3;
                QVERIFY2(gains[0][j] > 0.75 * expected && gains[0][j] < 1.3 * expected,
                         qPrintable(QString("field %1, node %2: %3 for %4")
                                        .arg(i)
                                        .arg(j)
                                        .arg(gains[0][j])
                                        .arg(expected)));
            }
        }
        // Beyond the fields that were seen the gain goes no further.
        const auto last = gainsFor(fitted, means.back()),
                   beyond = gainsFor(fitted, 50 * means.back());
        for (int j = 0; j < package::kGainNodes; ++j)
            QVERIFY(beyond[0][j] < 1.2 * last[0][j]);
    }

    // Samples that are strong enough stay as they are, and where the truth has no more than the
    // mean has already, nothing is drawn.
    void gainsAreOneWhereNothingIsWrongAndNoneWhereNothingIsLacking() {
        std::vector<at::Tensor> truths, means, departures;
        for (int i = 0; i < 24; ++i) {
            means.push_back(noise({2, 64, 64}, 100 + i));
            const at::Tensor left = noise({2, 64, 64}, 200 + i);
            truths.push_back(at::stack({(means.back() + left)[0], 0.5 * means.back()[1]}));
            departures.push_back(noise({4, 2, 64, 64}, 300 + i));
        }
        const auto fitted =
            fitResidualGain(at::stack(truths), at::stack(means), at::stack(departures));
        const auto gains = gainsFor(fitted, means[3]);
        for (int j = 6; j < 20; ++j) {
            QVERIFY2(std::abs(gains[0][j] - 1) < 0.15, qPrintable(QString::number(gains[0][j])));
            QVERIFY2(gains[1][j] < 0.1, qPrintable(QString::number(gains[1][j])));
        }
    }

    // A departure from the mean goes through the gains, the mean does not; images of one batch go
    // each by its own.
    void samplesGoThroughTheGains() {
        package::ModelPackage p;
        p.outputs = {"a", "b"};
        p.targetMean = {0, 0};
        p.targetStd = {1, 1};
        p.residualVariance = {{1, 0.2, 0}, {1, 0, 0.2}};
        const Model plain(p, 1);
        const std::vector<double> ones(package::kGainNodes, 1), none(package::kGainNodes, 0);
        p.residualGain = {{0, -9, 9, ones, none},
                          {0, -9, 9, std::vector<double>(package::kGainNodes, 0.5),
                           std::vector<double>(package::kGainNodes, 0.25)}};
        const Model model(p, 1);
        at::Tensor guide = noise({2, 3, 64, 64}, 4);
        guide[1] *= 3;
        const at::Tensor drawn = noise({2, 2, 64, 64}, 5), mean = guide.slice(1, 1);
        const at::Tensor before = plain.fromFlow(drawn, guide) - mean,
                         after = model.fromFlow(drawn, guide) - mean;
        for (int i = 0; i < 2; ++i) {
            QVERIFY(at::allclose(after[i][0], before[i][0], 1e-4, 1e-4));
            const double gain = 0.5 * std::exp(0.25 * fineLevel(mean[i])[1]);
            QVERIFY(gain > (i == 0 ? 0.4 : 0.7));
            QVERIFY(at::allclose(after[i][1], gain * before[i][1], 1e-3, 1e-3));
        }
    }
};

QTEST_APPLESS_MAIN(TestResidualGain)
#include "tst_residual_gain.moc"
