// Coloured noise: its variance, its spectrum and its independence of what is asked for; and what a
// flow gains by starting from it.
#include <QtTest>

#include "core/base/error.h"
#include "core/sampling/noise_field.h"
#include "tests/core/sampling/gaussian_oracle.h"

using namespace posteria;
using namespace posteria::sampling;

namespace {

// Two channels that oppose each other, their amplitudes falling with the frequency.
std::vector<std::vector<double>> falling() {
    std::vector<std::vector<double>> factors;
    for (int j = 0; j < NoiseSpectrum::kNodes; ++j) {
        const double a = std::pow(2.0, -0.15 * j), b = std::pow(2.0, -0.075 * j);
        factors.push_back({a, 0, -0.6 * b, 0.8 * b});
    }
    return factors;
}

}  // namespace

class TestNoiseSpectrum : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void withoutFactorsNoiseIsWhite() {
        const NoiseSpectrum white;
        QCOMPARE(white.reach(), 0);
        auto generator = tensor::makeGenerator(1, 0);
        const at::Tensor noise = tensor::normal({2, 20, 30}, generator);
        QVERIFY(at::equal(white.colour(noise), noise));
        QCOMPARE(NoiseSpectrum(std::vector<std::vector<double>>()).reach(), 0);
    }

    void otherSizesAreRefused() {
        auto factors = falling();
        factors.pop_back();
        QVERIFY_EXCEPTION_THROWN(NoiseSpectrum{factors}, Error);
        factors = falling();
        factors[3].pop_back();
        QVERIFY_EXCEPTION_THROWN(NoiseSpectrum{factors}, Error);
    }

    // Unit variance in every channel, whatever the frame; and the factors that go in come out.
    void noiseHasTheSpectrumThatItWasGiven() {
        const auto factors = falling();
        const NoiseSpectrum spectrum(factors);
        std::vector<at::Tensor> fields;
        for (std::uint64_t i = 0; i < 96; ++i)
            fields.push_back(NoiseField(3, i, 2, 256, 256, {0, 0, 256, 256}, spectrum).field(0));
        const at::Tensor all = at::stack(fields);
        const at::Tensor variance = all.square().mean(at::IntArrayRef{0, 2, 3});
        for (int c = 0; c < 2; ++c)
            QVERIFY2(std::abs(variance[c].item<double>() - 1) < 0.05,
                     qPrintable(QString::number(variance[c].item<double>())));
        const auto measured = NoiseSpectrum::factorsOf(all);
        // One unit for each channel's row. The window of a finite field blurs the longest waves,
        // and the corner of the band has few directions.
        for (int entry : {0, 2, 3}) {
            const double unit = measured[16][entry == 0 ? 0 : 3] / factors[16][entry == 0 ? 0 : 3];
            for (int j = 6; j < 30; ++j) {
                const double ratio = measured[j][entry] / factors[j][entry] / unit;
                QVERIFY2(
                    std::abs(ratio - 1) < 0.08,
                    qPrintable(QString("entry %1 at node %2: %3").arg(entry).arg(j).arg(ratio)));
            }
        }
    }

    // The sample of a part rests on the noise of the whole.
    void aRegionHasTheNoiseOfTheWhole() {
        const NoiseSpectrum spectrum(falling());  // the whole takes several blocks, the part one
        const NoiseField whole(5, 2, 2, 500, 410, {0, 0, 410, 500}, spectrum),
            part(5, 2, 2, 500, 410, {307, 340, 101, 93}, spectrum);
        const at::Tensor expected = whole.field(0).slice(1, 340, 433).slice(2, 307, 408);
        QVERIFY(at::allclose(part.field(0), expected, 1e-4, 1e-5));
    }

    // A posterior with the spectrum of images: from white noise five steps leave its long waves
    // out; from noise of its own spectrum they draw every wave alike, short by a few per cent.
    void fewStepsDrawEveryScale_data() {
        QTest::addColumn<bool>("coloured");
        QTest::newRow("white") << false;
        QTest::newRow("coloured") << true;
    }
    void fewStepsDrawEveryScale() {
        QFETCH(bool, coloured);
        constexpr std::int64_t side = 128;
        const at::Tensor f = at::fft_fftfreq(side, 1.0, at::TensorOptions().dtype(at::kDouble));
        const at::Tensor radius = (f.square().unsqueeze(1) + f.square().unsqueeze(0)).sqrt();
        at::Tensor power = 1.0 / (1e-4 + radius.square());
        power = power / power.mean();  // unit variance, most of it in waves of 50 pixels and more
        const at::Tensor source = coloured ? power : at::ones_like(power);
        const GaussianOracle filters(side);
        Restorer r;
        r.centred = true;
        r.velocity = [&](const at::Tensor& x, const at::Tensor&, double tau) {
            const at::Tensor gain = (tau * power - (1 - tau) * source) /
                                    (tau * tau * power + (1 - tau) * (1 - tau) * source);
            return filters.filter(gain, x);
        };
        auto generator = tensor::makeGenerator(8, 1);
        const at::Tensor noise =
            filters.filter(source.sqrt(), tensor::normal({64, 1, side, side}, generator));
        SamplerOptions options{"cfm-heun", 5};
        const at::Tensor x = makeSampler(options)->draw(
            at::zeros({64, 1, side, side}), [&](int) { return noise; }, r);
        const at::Tensor drawn = filters.spectrumPower(x).mean(at::IntArrayRef{0, 1}) / power;
        const double longWaves = drawn.masked_select(radius < 0.02).mean().item<double>();
        const double all = x.square().mean().item<double>();
        if (coloured) {
            QVERIFY2(std::abs(longWaves - 1) < 0.15, qPrintable(QString::number(longWaves)));
            QVERIFY2(std::abs(all - 1) < 0.15, qPrintable(QString::number(all)));
        } else {
            QVERIFY2(longWaves < 0.5, qPrintable(QString::number(longWaves)));
        }
    }
};

QTEST_APPLESS_MAIN(TestNoiseSpectrum)
#include "tst_noise_spectrum.moc"
