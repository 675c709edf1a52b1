#include <torch/torch.h>

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/error.h"
#include "core/simulation/canvas.h"
#include "core/simulation/outline.h"
#include "core/simulation/path.h"
#include "core/simulation/scene.h"
#include "core/simulation/tissue.h"

using namespace posteria::simulation;

class TestScene : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void splatKeepsAmountAndPlace();
    void pathsPersist();
    void outlinesFollowTheCells();
    void tissueBordersLieBetweenCells();
    void scenesOfASeedShareTheirCells();
    void seedsDecide_data();
    void seedsDecide();
    void fieldsDiffer_data();
    void fieldsDiffer();
    void densityMultipliesTheStructure_data();
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

// Every point lies on its cell's border and on no cell above it, its normal points out of the cell,
// and the steps add up to the way from point to point.
void TestScene::outlinesFollowTheCells() {
    int contacts = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Rng rng(seed, 0);
        const CellLayout layout(rng, 60, 60);
        const auto& cells = layout.cells();
        OutlinePoint last;
        walkOutlines(layout, 40, 40, 0.1, [&](const OutlinePoint& at) {
            const Cell& cell = cells[at.cell];
            const Point out{at.p.x + 0.05 * at.outward.x, at.p.y + 0.05 * at.outward.y};
            QVERIFY(std::abs(cell.depth(at.p) - 1) < 1e-9);
            QVERIFY(cell.depth(out) > 1);
            QVERIFY(std::abs(std::hypot(at.outward.x, at.outward.y) - 1) < 1e-9);
            QVERIFY(std::max(std::abs(at.p.x), std::abs(at.p.y)) <= 40);
            for (std::size_t i = 0; i < at.cell; ++i)
                QVERIFY(cells[i].depth(at.p) >= 1);
            contacts += at.contact;
            const double way = std::hypot(at.p.x - last.p.x, at.p.y - last.p.y);
            if (last.stepUm > 0 && last.cell == at.cell && way < 0.15)
                QVERIFY(std::abs(way - last.stepUm) < 0.02);
            last = at;
        });
    }
    QVERIFY(contacts > 100);
}

// The middle of every border has two nearest sites at the same distance, and the borders are as
// long as those of hexagons of this spacing, 2 / spacing a unit of area, or somewhat longer.
void TestScene::tissueBordersLieBetweenCells() {
    Rng rng(8, 0);
    const double spacing = 10, half = 100;
    const Tissue tissue(rng, 2 * half, 2 * half, spacing);
    double length = 0;
    for (const auto& [from, to] : tissue.borders()) {
        const Point middle{0.5 * (from.x + to.x), 0.5 * (from.y + to.y)};
        if (std::max(std::abs(middle.x), std::abs(middle.y)) > half) continue;
        length += std::hypot(to.x - from.x, to.y - from.y);
        std::vector<double> away;
        for (const Point& site : tissue.sites())
            away.push_back(std::hypot(site.x - middle.x, site.y - middle.y));
        std::partial_sort(away.begin(), away.begin() + 2, away.end());
        QVERIFY2(away[1] - away[0] < 1e-6, qPrintable(QString::number(away[1] - away[0])));
    }
    const double expected = 2 * half * 2 * half * 2 / spacing;
    QVERIFY2(length > 0.98 * expected && length < 1.15 * expected,
             qPrintable(QString("%1 against %2").arg(length).arg(expected)));
}

// Two scenes of one seed fit over each other: in the middle plane membranes are bright where the
// layout of the seed has its borders, and actin lies inside of them. Another seed's layout does not
// fit.
void TestScene::scenesOfASeedShareTheirCells() {
    const auto settings = small();
    const double width = settings.pixelUm * static_cast<double>(settings.width);
    const double height = settings.pixelUm * static_cast<double>(settings.height);
    // How much more often the brightest pixels lie on the borders of a layout than others do, and
    // the mean light inside its cells over that outside.
    const auto ratios = [&](const at::Tensor& membranes, const at::Tensor& actin,
                            std::uint64_t seed) {
        Rng rng(seed, 0);  // the stream of the layout
        const CellLayout layout(rng, width, height);
        std::vector<float> line(static_cast<std::size_t>(settings.height * settings.width));
        Canvas canvas(line.data(), 1, settings.height, settings.width, settings.pixelUm, 1);
        walkOutlines(layout, width, height, 0.05,
                     [&](const OutlinePoint& at) { canvas.splat(at.p.x, at.p.y, 0, 1); });
        const auto near =
            torch::max_pool2d(torch::from_blob(line.data(), {1, 1, settings.height, settings.width})
                                  .gt(0)
                                  .to(torch::kFloat),
                              5, 1, 2)[0][0]
                .gt(0);
        std::vector<float> cells(line.size());
        for (std::int64_t r = 0; r < settings.height; ++r)
            for (std::int64_t c = 0; c < settings.width; ++c)
                cells[static_cast<std::size_t>(r * settings.width + c)] =
                    layout.inside({canvas.xOf(double(c)), canvas.yOf(double(r))});
        const auto inside = torch::from_blob(cells.data(), {settings.height, settings.width}).gt(0);
        const auto mean = [](const at::Tensor& image, const at::Tensor& where) {
            return image.masked_select(where).mean().item<double>();
        };
        const auto rank = settings.height * settings.width * 97 / 100;
        const auto bright = membranes.gt(std::get<0>(membranes.flatten().kthvalue(rank)));
        const auto border = near.to(torch::kFloat);
        return std::vector<double>{mean(border, bright) / border.mean().item<double>(),
                                   mean(actin, inside) / mean(actin, inside.logical_not())};
    };
    int fields = 0;
    double membranes = 0, actin = 0, otherMembranes = 0, otherActin = 0;
    for (std::uint64_t seed = 0; fields < 15; ++seed) {
        QVERIFY(seed < 100);
        const auto membraneImage = renderVolume("membranes", settings, seed)[3];
        const auto actinImage = renderVolume("actin", settings, seed).sum(0);
        const auto own = ratios(membraneImage, actinImage, seed);
        const auto other = ratios(membraneImage, actinImage, seed + 1000);
        // Fields without a border, or without a background, say nothing.
        if (!std::isfinite(own[0] + own[1] + other[0] + other[1])) continue;
        ++fields;
        membranes += own[0];
        otherMembranes += other[0];
        actin += std::log(own[1]);
        otherActin += std::log(other[1]);
    }
    const auto figures = QString("membranes %1 and %2, actin %3 and %4")
                             .arg(membranes / fields)
                             .arg(otherMembranes / fields)
                             .arg(std::exp(actin / fields))
                             .arg(std::exp(otherActin / fields));
    QVERIFY2(membranes > 3 * fields && otherMembranes < 1.5 * fields, qPrintable(figures));
    QVERIFY2(actin > std::log(4) * fields && otherActin < std::log(3) * fields,
             qPrintable(figures));
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

void TestScene::densityMultipliesTheStructure_data() {
    QTest::addColumn<QString>("scene");
    QTest::addColumn<double>("least");
    QTest::newRow("filaments") << "filaments" << 2.4;
    QTest::newRow("neurons") << "neurons" << 1.3;  // whole ones: the last may be far too much
    QTest::newRow("actin") << "actin" << 2.0;      // the cortex stays as it is
}

void TestScene::densityMultipliesTheStructure() {
    QFETCH(QString, scene);
    QFETCH(double, least);
    auto settings = small();
    double plain = 0, dense = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        settings.density = 1;
        plain += renderVolume(scene.toStdString(), settings, seed).sum().item<double>();
        settings.density = 3;
        dense += renderVolume(scene.toStdString(), settings, seed).sum().item<double>();
    }
    QVERIFY2(dense > least * plain && dense < 3.6 * plain,
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
