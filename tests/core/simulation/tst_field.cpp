#include <torch/torch.h>

#include <QtTest>
#include <cmath>
#include <cstdio>
#include <vector>

#include "core/base/error.h"
#include "core/simulation/field.h"
#include "core/simulation/scene.h"

using namespace posteria::simulation;
using posteria::physics::Optics;

class TestField : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void ensembleMeanIsOne_data();
    void ensembleMeanIsOne();
    void seedsDecide();
    void confocalLosesTheHaze();
    void hazeGrowsWithThePinhole();
    void levelsOfHazeLookAtOneVolume();
    void neighbouringPlanesBelongTogether();
    void scenesOfASeedShareTheirOptics();
    void refusesNoPlanes();
};

void TestField::ensembleMeanIsOne_data() {
    QTest::addColumn<QString>("scene");
    for (const auto& name : sceneNames())
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

// Other seeds than the constants were measured on. POSTERIA_MEASURE_FIELDS=n measures over n
// fields.
void TestField::ensembleMeanIsOne() {
    QFETCH(QString, scene);
    const int measured = qEnvironmentVariableIntValue("POSTERIA_MEASURE_FIELDS");
    const int fields = measured > 0 ? measured : 60;
    FieldSettings settings;
    settings.scene = scene.toStdString();
    double sum = 0, squares = 0;
    for (int i = 0; i < fields; ++i) {
        const auto image =
            simulateClean(settings, (measured > 0 ? 1000003u : 5000u) + static_cast<unsigned>(i));
        const double mean = image.mean().item<double>();
        sum += mean;
        squares += mean * mean;
    }
    const double mean = sum / fields;
    const double error = std::sqrt((squares / fields - mean * mean) / (fields - 1));
    if (measured > 0) std::printf("%s: %.4f +- %.4f\n", settings.scene.c_str(), mean, error);
    QVERIFY(error < 0.35);  // else agreement would mean nothing
    QVERIFY2(std::abs(mean - 1) < 4 * error, qPrintable(QString("%1 +- %2").arg(mean).arg(error)));
}

void TestField::seedsDecide() {
    FieldSettings settings;
    settings.height = 96;
    settings.width = 80;
    const auto first = simulateClean(settings, 21);
    QCOMPARE(first.sizes().vec(), (std::vector<std::int64_t>{96, 80}));
    QVERIFY(first.is_contiguous());
    QVERIFY(first.min().item<double>() >= 0);
    QVERIFY(torch::equal(first, simulateClean(settings, 21)));
    QVERIFY(!torch::equal(first, simulateClean(settings, 22)));
}

void TestField::confocalLosesTheHaze() {
    FieldSettings widefield, confocal;
    widefield.planes = confocal.planes = 21;
    widefield.height = widefield.width = confocal.height = confocal.width = 128;
    confocal.optics.kind = Optics::Kind::Confocal;
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
        const auto wide = simulateClean(widefield, seed), sharp = simulateClean(confocal, seed);
        QVERIFY(sharp.mean().item<double>() < 0.7 * wide.mean().item<double>());
        const double wideContrast = (wide.std() / wide.mean()).item<double>();
        const double sharpContrast = (sharp.std() / sharp.mean()).item<double>();
        QVERIFY2(sharpContrast > wideContrast,
                 qPrintable(QString("%1 against %2").arg(sharpContrast).arg(wideContrast)));
    }
}

// All levels look at one volume; the wider the pinhole, the more light and, on the whole, the less
// contrast: single fields may have more of their structures just out of focus.
void TestField::hazeGrowsWithThePinhole() {
    FieldSettings settings;
    settings.planes = 15;
    settings.height = settings.width = 96;
    settings.opticsSpread = 0;
    const std::vector<double> severities{0, 0.4, 0.8, 1};
    std::vector<double> contrast(severities.size(), 0.0);
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
        const auto levels = simulateHazeSeries(settings, severities, seed);
        for (int i = 0; i < 4; ++i)
            contrast[i] += (levels[i].std() / levels[i].mean()).item<double>();
        for (int i = 0; i < 3; ++i) {
            const auto a = levels[i] - levels[i].mean(), b = levels[i + 1] - levels[i + 1].mean();
            const double correlation = ((a * b).sum() / (a.norm() * b.norm())).item<double>();
            QVERIFY2(correlation > 0.8, qPrintable(QString::number(correlation)));
            QVERIFY(levels[i].mean().item<double>() < levels[i + 1].mean().item<double>());
        }
    }
    for (int i = 0; i < 3; ++i)
        QVERIFY2(
            contrast[i] > contrast[i + 1],
            qPrintable(QString("level %1: %2 %3").arg(i).arg(contrast[i]).arg(contrast[i + 1])));
    QVERIFY_EXCEPTION_THROWN(simulateHazeSeries(settings, {1.2}, 0), posteria::Error);
}

// Even where pixels are so fine that the excitation's beam, given redder than the emission's, needs
// more of them.
void TestField::levelsOfHazeLookAtOneVolume() {
    FieldSettings settings;
    settings.planes = 3;
    settings.height = settings.width = 64;
    settings.opticsSpread = 0;
    settings.optics.pixelUm = 0.02;
    for (const double emission : {440.0, 520.0}) {
        settings.optics.emissionNm = emission;
        const auto levels = simulateHazeSeries(settings, {0.4, 1}, 1);
        auto alone = settings;
        alone.optics = posteria::physics::hazyOptics(settings.optics, 0.4);
        QVERIFY(torch::equal(levels[0], simulateClean(alone, 1)));
        QVERIFY(torch::equal(levels[1], simulateClean(settings, 1)));  // widefield
    }
}

void TestField::neighbouringPlanesBelongTogether() {
    FieldSettings settings;
    settings.height = settings.width = 64;
    const auto stack = simulateCleanStack(settings, 3, 5);
    QCOMPARE(stack.sizes().vec(), (std::vector<std::int64_t>{3, 64, 64}));
    // Neighbouring planes show the same structures, in and out of focus.
    const auto a = stack[0] - stack[0].mean(), b = stack[1] - stack[1].mean();
    const double correlation = ((a * b).sum() / (a.norm() * b.norm())).item<double>();
    QVERIFY2(correlation > 0.5 && correlation < 0.999, qPrintable(QString::number(correlation)));
    QVERIFY(torch::equal(simulateCleanStack(settings, 1, 5)[0], simulateClean(settings, 5)));
}

void TestField::scenesOfASeedShareTheirOptics() {
    FieldSettings filaments, vesicles;
    vesicles.scene = "vesicles";
    QCOMPARE(fieldOptics(filaments, 3).emissionNm, fieldOptics(vesicles, 3).emissionNm);
    QVERIFY(fieldOptics(filaments, 3).emissionNm != fieldOptics(filaments, 4).emissionNm);
    filaments.opticsSpread = 0;
    QCOMPARE(fieldOptics(filaments, 3).emissionNm, filaments.optics.emissionNm);
}

void TestField::refusesNoPlanes() {
    QVERIFY_EXCEPTION_THROWN(simulateCleanStack(FieldSettings{}, 0, 1), posteria::Error);
}

QTEST_APPLESS_MAIN(TestField)
#include "tst_field.moc"
