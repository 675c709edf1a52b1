#include <torch/torch.h>

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/error.h"
#include "core/simulation/canvas.h"
#include "core/simulation/path.h"
#include "core/simulation/scene.h"

using namespace posteria::simulation;

class TestScene : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void splatKeepsAmountAndPlace();
    void pathsPersist();
    void seedsDecide_data();
    void seedsDecide();
    void fieldsDiffer_data();
    void fieldsDiffer();
    void densityMultipliesTheStructure();
    void refusesUnknownScenes();
};

namespace {

void eachScene() {
    QTest::addColumn<QString>("scene");
    for (const auto& name : sceneNames())
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

SceneSettings small() {
    SceneSettings settings;
    settings.height = 150;
    settings.width = 130;
    settings.planes = 7;
    return settings;
}

}  // namespace

void TestScene::splatKeepsAmountAndPlace() {
    std::vector<float> data(5 * 20 * 30);
    Canvas canvas(data.data(), 5, 20, 30, 0.1, 0.25);
    const double x = 0.317, y = -0.243, z = 0.11;
    canvas.splat(x, y, z, 3.0);
    double sum = 0, cx = 0, cy = 0, cz = 0;
    for (int p = 0; p < 5; ++p)
        for (int r = 0; r < 20; ++r)
            for (int c = 0; c < 30; ++c) {
                const double v = data[static_cast<std::size_t>((p * 20 + r) * 30 + c)];
                sum += v;
                cx += v * canvas.xOf(c);
                cy += v * canvas.yOf(r);
                cz += v * canvas.zOf(p);
            }
    QVERIFY(std::abs(sum - 3) < 1e-5);
    QVERIFY(std::abs(cx / sum - x) < 1e-5);
    QVERIFY(std::abs(cy / sum - y) < 1e-5);
    QVERIFY(std::abs(cz / sum - z) < 1e-5);
    canvas.splat(100, 0, 0, 1.0);  // outside: lost, not written elsewhere
    double after = 0;
    for (float v : data)
        after += v;
    QVERIFY(std::abs(after - 3) < 1e-5);
}

// <cos(theta(s) - theta(0))> = exp(-s / persistence) for s well above the curvature's own length.
void TestScene::pathsPersist() {
    PathSettings settings;
    settings.persistenceUm = 10;
    settings.smoothnessUm = 0.3;
    Rng rng(4, 0);
    constexpr int kPaths = 3000;
    constexpr double kLength = 8;
    double sum = 0, squares = 0, highest = 0;
    for (int i = 0; i < kPaths; ++i) {
        Path path(settings, rng, {}, 0, 0);
        for (double s = 0; s < kLength; s += settings.stepUm) {
            path.advance(rng);
            highest = std::max(highest, std::abs(path.z()));
        }
        sum += std::cos(path.direction());
        squares += std::pow(std::cos(path.direction()), 2);
    }
    const double mean = sum / kPaths;
    const double error = std::sqrt((squares / kPaths - mean * mean) / kPaths);
    // theta is Gaussian of variance 2 / L (s - l (1 - exp(-s / l))), and the mean cosine follows.
    const double expected = std::exp(-(kLength - 0.3 * (1 - std::exp(-kLength / 0.3))) / 10);
    QVERIFY2(std::abs(mean - expected) < 4 * error,
             qPrintable(QString("%1 against %2 +- %3").arg(mean).arg(expected).arg(error)));
    QVERIFY(highest <= settings.halfDepthUm);
}

void TestScene::seedsDecide_data() {
    eachScene();
}

void TestScene::seedsDecide() {
    QFETCH(QString, scene);
    const auto first = renderVolume(scene.toStdString(), small(), 11);
    QCOMPARE(first.sizes().vec(), (std::vector<std::int64_t>{7, 150, 130}));
    QVERIFY(torch::equal(first, renderVolume(scene.toStdString(), small(), 11)));
    QVERIFY(!torch::equal(first, renderVolume(scene.toStdString(), small(), 12)));
}

void TestScene::fieldsDiffer_data() {
    eachScene();
}

// Not degenerate: every field holds structure in several planes, values are finite and not
// negative, and the amount of light varies by a factor of five and more between fields.
void TestScene::fieldsDiffer() {
    QFETCH(QString, scene);
    double least = 1e30, most = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const auto volume = renderVolume(scene.toStdString(), small(), seed);
        QVERIFY(torch::isfinite(volume).all().item<bool>());
        QVERIFY(volume.min().item<double>() >= 0);
        const double mean = volume.mean().item<double>();
        QVERIFY2(volume.std().item<double>() > 0.3 * mean,
                 qPrintable(QString("seed %1").arg(seed)));
        QVERIFY((volume.sum({1, 2}) > 0).all().item<bool>());
        least = std::min(least, mean);
        most = std::max(most, mean);
    }
    QVERIFY2(most > 5 * least, qPrintable(QString("%1 to %2").arg(least).arg(most)));
}

void TestScene::densityMultipliesTheStructure() {
    auto settings = small();
    double plain = 0, dense = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        settings.density = 1;
        plain += renderVolume("filaments", settings, seed).sum().item<double>();
        settings.density = 3;
        dense += renderVolume("filaments", settings, seed).sum().item<double>();
    }
    QVERIFY2(dense > 2.4 * plain && dense < 3.6 * plain,
             qPrintable(QString::number(dense / plain)));
}

void TestScene::refusesUnknownScenes() {
    QVERIFY_EXCEPTION_THROWN(renderVolume("clouds", small(), 1), posteria::Error);
    auto settings = small();
    settings.planes = 0;
    QVERIFY_EXCEPTION_THROWN(renderVolume("filaments", settings, 1), posteria::Error);
}

QTEST_APPLESS_MAIN(TestScene)
#include "tst_scene.moc"
