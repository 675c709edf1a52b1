// Images of one law are told from images of another, and how bright they are does not matter.
#include <QtTest>

#include "core/base/error.h"
#include "core/nn/input_check.h"
#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"

using namespace posteria;
using namespace posteria::nn;

namespace {

constexpr std::int64_t kSide = 64;

// White noise averaged over a few pixels, some of it more than the rest: [S, S].
at::Tensor soft(std::uint64_t seed, std::int64_t width = 5) {
    auto generator = tensor::makeGenerator(seed, 1);
    const at::Tensor noise = tensor::normal({1, 1, kSide, kSide}, generator);
    const at::Tensor blurred = at::avg_pool2d(noise, width, 1, width / 2, false, false);
    const double grain = 0.1 + 0.05 * static_cast<double>(seed % 7);
    return (blurred / blurred.std() + grain * tensor::normal(noise.sizes(), generator))[0][0];
}

at::Tensor featuresOf(std::uint64_t first, int count) {
    std::vector<at::Tensor> rows;
    for (int i = 0; i < count; ++i)
        rows.push_back(inputFeatures(soft(first + static_cast<std::uint64_t>(i))));
    return at::stack(rows);
}

}  // namespace

class TestInputCheck : public QObject {
    Q_OBJECT

    package::InputStatistics m_usual;

  private Q_SLOTS:
    void initTestCase() {
        at::set_num_threads(1);
        m_usual = fitInputStatistics(featuresOf(0, 400), featuresOf(1000, 200));
    }

    void brightnessDoesNotMatter() {
        const at::Tensor image = soft(1);
        QCOMPARE(inputFeatures(image).numel(), std::int64_t(kInputFeatures));
        QVERIFY(at::allclose(inputFeatures(image), inputFeatures(250 + 31 * image), 1e-4, 1e-4));
    }

    // The limit is what one in a hundred goes beyond: of 500 others 5, by their own luck 0 to 15.
    void oneInAHundredIsUnusual() {
        int beyond = 0;
        const at::Tensor others = featuresOf(5000, 500);
        double sum = 0;
        for (int i = 0; i < 500; ++i) {
            const double distance = inputDistance(others[i], m_usual);
            beyond += distance > m_usual.limit;
            sum += distance * distance / 500;
        }
        QVERIFY2(beyond <= 15, qPrintable(QString::number(beyond)));
        // Of Mahalanobis' squares, over F, the mean is 1, give or take that of 400 fitted images.
        QVERIFY2(sum > 0.8 && sum < 1.3, qPrintable(QString::number(sum)));
    }

    void anotherLawIsFarOff_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("coarser") << 0;
        QTest::newRow("finer") << 1;
        QTest::newRow("spots") << 2;
        QTest::newRow("stripes") << 3;
        QTest::newRow("nothing at all") << 4;
        QTest::newRow("gathered") << 5;
    }
    void anotherLawIsFarOff() {
        QFETCH(int, kind);
        at::Tensor image = soft(77);
        if (kind == 0) image = soft(77, 11);
        if (kind == 1) image = soft(77, 1);
        if (kind == 2) image = image.clamp_min(2.5);
        if (kind == 3) image = image + 2 * at::arange(kSide).mul(0.8).sin();
        if (kind == 4) image = at::full({kSide, kSide}, 7.0);
        if (kind == 5) {
            // The same values and nearly the same power, but strong detail on one side only.
            const at::Tensor left = (at::arange(kSide) < kSide / 2).to(at::kFloat);
            image = soft(77) * left + soft(78, 1) * 0.2 + soft(79) * (1 - left) * 0.1;
        }
        const double distance = inputDistance(inputFeatures(image), m_usual);
        QVERIFY2(distance > 1.5 * m_usual.limit,
                 qPrintable(QString("%1 against %2").arg(distance).arg(m_usual.limit)));
    }

    // Packages of earlier versions tell of the first features alone.
    void fewerFeaturesCompareAsWell() {
        const at::Tensor usual = featuresOf(0, 400).slice(1, 0, kPlainInputFeatures);
        const at::Tensor others = featuresOf(1000, 100).slice(1, 0, kPlainInputFeatures);
        const auto plain = fitInputStatistics(usual, others);
        const at::Tensor features = inputFeatures(soft(5001));
        QVERIFY(inputDistance(features, plain) > 0);
        QCOMPARE(inputDistance(features, plain),
                 inputDistance(features.slice(0, 0, kPlainInputFeatures), plain));
    }

    void saysInWhichRespect_data() {
        QTest::addColumn<int>("feature");
        QTest::addColumn<double>("by");
        QTest::addColumn<QString>("words");
        QTest::newRow("power") << 0 << 9.0 << "times the usual power in waves of 2 to 2.8 pixels";
        QTest::newRow("values") << 12 << -9.0 << "its darkest values lie";
        QTest::newRow("lines") << 17 + 7 + 1 << 9.0
                               << "its details of 4 pixels are more like lines";
        QTest::newRow("blots") << 17 + 1 << -9.0 << "its details of 2 pixels are less like lines";
        QTest::newRow("distance") << 17 + 3 << 9.0 << "of details of 2 pixels over 4 pixels";
        QTest::newRow("scales") << 17 + 28 << -9.0
                                << "details of 2 and 4 pixels coincide less often";
    }
    void saysInWhichRespect() {
        QFETCH(int, feature);
        QFETCH(double, by);
        QFETCH(QString, words);
        at::Tensor features = at::tensor(m_usual.mean, at::kDouble);
        std::vector<at::Tensor> rows;
        for (const auto& row : m_usual.precision)
            rows.push_back(at::tensor(row, at::kDouble));
        features[feature] += by * at::linalg_inv(at::stack(rows))[feature][feature].sqrt();
        const auto said = QString::fromStdString(unusualFeature(features, m_usual));
        QVERIFY2(said.contains(words), qPrintable(said));
    }

    void refusesWhatCannotBeCompared() {
        QVERIFY_EXCEPTION_THROWN(inputFeatures(at::zeros({64, 32})), Error);
        QVERIFY_EXCEPTION_THROWN(fitInputStatistics(featuresOf(0, 20), featuresOf(30, 5)), Error);
    }
};

QTEST_APPLESS_MAIN(TestInputCheck)
#include "tst_input_check.moc"
