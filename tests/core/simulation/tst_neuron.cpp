#include <QtTest>
#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "core/simulation/drawing.h"
#include "core/simulation/neuron.h"
#include "core/simulation/solids.h"

using namespace posteria::simulation;

class TestNeuron : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void linesHoldTheirVolume_data();
    void linesHoldTheirVolume();
    void linesHaveTheirWidth_data();
    void linesHaveTheirWidth();
    void piecesMeetWithoutASeam();
    void ballsHoldTheirVolume_data();
    void ballsHoldTheirVolume();
    void whatLiesOutsideIsClipped();
    void aNeuronIsItsPieces();
    void grownNeuronsAreTrees();
    void grownNeuronsKeepToTheirStyle();
    void aGivenNeuronIsPlacedBySeed();
};

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kPixelUm = 0.13, kStepUm = 0.25;

// 26 x 20.8 x 12.75 um.
struct Volume {
    std::vector<float> data = std::vector<float>(51 * 160 * 200);
    Canvas canvas{data.data(), 51, 160, 200, kPixelUm, kStepUm};

    double sum() const {
        double total = 0;
        for (float v : data)
            total += v;
        return total;
    }
    // Weighted mean of f(x, y, z) over the voxels.
    template <typename F>
    double mean(const F& f) const {
        double total = 0, weights = 0;
        std::size_t i = 0;
        for (int p = 0; p < 51; ++p)
            for (int r = 0; r < 160; ++r)
                for (int c = 0; c < 200; ++c, ++i) {
                    if (data[i] == 0) continue;
                    total += data[i] * f(canvas.xOf(c), canvas.yOf(r), canvas.zOf(p));
                    weights += data[i];
                }
        return total / weights;
    }
};

double coneVolume(double a, double b, double length) {
    return kPi * length * (a * a + a * b + b * b) / 3;
}

bool close(double value, double expected, double share) {
    const bool ok = std::abs(value - expected) <= share * std::abs(expected);
    if (!ok) qWarning("%g against %g", value, expected);
    return ok;
}

}  // namespace

void TestNeuron::linesHoldTheirVolume_data() {
    QTest::addColumn<double>("radiusA");
    QTest::addColumn<double>("radiusB");
    QTest::addColumn<double>("dx");
    QTest::addColumn<double>("dy");
    QTest::addColumn<double>("dz");
    QTest::addColumn<double>("tolerance");
    QTest::newRow("thinner than a voxel") << 0.02 << 0.02 << 7.0 << 3.0 << 1.0 << 1e-4;
    QTest::newRow("dendrite") << 0.3 << 0.3 << 9.0 << -4.0 << 0.5 << 1e-4;
    QTest::newRow("tapering") << 0.9 << 0.1 << 6.0 << 6.0 << -2.0 << 1e-4;
    QTest::newRow("to a point") << 0.5 << 0.0 << 5.0 << 0.0 << 0.0 << 1e-4;
    QTest::newRow("along z") << 0.4 << 0.2 << 0.0 << 0.0 << 5.0 << 1e-4;
    QTest::newRow("nearly along z") << 0.4 << 0.2 << 1e-9 << 0.0 << -5.0 << 1e-4;
    QTest::newRow("shorter than a pixel") << 0.3 << 0.3 << 0.02 << 0.01 << 0.0 << 1e-4;
    QTest::newRow("thick") << 2.5 << 1.5 << 8.0 << 3.0 << 0.5 << 1e-4;
    QTest::newRow("very thick, tapering") << 4.0 << 2.0 << -3.0 << 8.0 << 1.0 << 0.02;
}

void TestNeuron::linesHoldTheirVolume() {
    QFETCH(double, radiusA);
    QFETCH(double, radiusB);
    QFETCH(double, dx);
    QFETCH(double, dy);
    QFETCH(double, dz);
    QFETCH(double, tolerance);
    Volume v;
    const Position a{0.031 - dx / 2, 0.2 - dy / 2, -dz / 2}, b{a.x + dx, a.y + dy, a.z + dz};
    const double length = std::sqrt(dx * dx + dy * dy + dz * dz), density = 3.7;
    QVERIFY(close(drawTaperedLine(v.canvas, a, radiusA, b, radiusB, density), length, 1e-9));
    const double volume = coneVolume(radiusA, radiusB, length);
    QVERIFY(close(v.sum(), density * volume, tolerance));
    // The centre of mass of a truncated cone, as a share of the way from a to b.
    const double s = (radiusA * radiusA + 2 * radiusA * radiusB + 3 * radiusB * radiusB) /
                     (radiusA * radiusA + radiusA * radiusB + radiusB * radiusB) / 4;
    const double x = v.mean([](double px, double, double) { return px; });
    const double y = v.mean([](double, double py, double) { return py; });
    const double z = v.mean([](double, double, double pz) { return pz; });
    QVERIFY(std::abs(x - (a.x + s * dx)) < 0.02);
    QVERIFY(std::abs(y - (a.y + s * dy)) < 0.02);
    QVERIFY(std::abs(z - (a.z + s * dz)) < 0.02);
}

void TestNeuron::linesHaveTheirWidth_data() {
    QTest::addColumn<double>("radius");
    for (const double radius : {0.25, 0.6, 1.0, 2.5, 4.0})
        QTest::newRow(qPrintable(QString::number(radius))) << radius;
}

// Across a filled cylinder the variance is r^2 / 4 along either axis, to which a voxel's share adds
// the variance of its own extent.
void TestNeuron::linesHaveTheirWidth() {
    QFETCH(double, radius);
    Volume v;
    drawTaperedLine(v.canvas, {-9, 0.04, 0.02}, radius, {9, 0.04, 0.02}, radius, 1);
    const double y = v.mean([](double, double py, double) { return (py - 0.04) * (py - 0.04); });
    const double z = v.mean([](double, double, double pz) { return (pz - 0.02) * (pz - 0.02); });
    const bool splatted = radius < 3.12;  // 24 pixels; above, voxels are filled
    const double spreadY = splatted ? kPixelUm * kPixelUm / 6 : 0;
    const double spreadZ = splatted ? kStepUm * kStepUm / 6 : 0;
    QVERIFY(close(y, radius * radius / 4 + spreadY, 0.06));
    QVERIFY(close(z, radius * radius / 4 + spreadZ, 0.06));
}

// Around a bend of 30 degrees, square ends leave a gap on the outside and overlap on the inside;
// ends in the plane between the pieces do not.
void TestNeuron::piecesMeetWithoutASeam() {
    const double radius = 1.2, c = std::cos(kPi / 6), s = std::sin(kPi / 6);
    const double half = std::hypot(1 + c, s);
    const Position cut{(1 + c) / half, s / half, 0};
    const auto unevenness = [&](const Position& between) {
        Volume v;
        drawTaperedLine(v.canvas, {-6, 0, 0}, radius, {0, 0, 0}, radius, 1, {}, between);
        drawTaperedLine(v.canvas, {0, 0, 0}, radius, {6 * c, 6 * s, 0}, radius, 1, between, {});
        // Across the joint, well within the line: full voxels everywhere.
        const double full = kPixelUm * kPixelUm * kStepUm;
        double worst = 0;
        for (int row = 75; row < 85; ++row)
            for (int column = 92; column < 108; ++column) {
                const double there = v.canvas.plane(25)[row * 200 + column];
                worst = std::max(worst, std::abs(there / full - 1));
            }
        return worst;
    };
    const double mitred = unevenness(cut), square = unevenness({});
    QVERIFY2(mitred < 0.3 && square > 0.6,
             qPrintable(QString("%1 and %2").arg(mitred).arg(square)));
}

void TestNeuron::ballsHoldTheirVolume_data() {
    QTest::addColumn<double>("radius");
    QTest::addColumn<double>("tolerance");
    QTest::newRow("point") << 0.03 << 1e-4;
    QTest::newRow("bouton") << 0.5 << 1e-4;
    QTest::newRow("small soma") << 2.0 << 0.02;
    QTest::newRow("soma") << 5.0 << 0.02;
}

void TestNeuron::ballsHoldTheirVolume() {
    QFETCH(double, radius);
    QFETCH(double, tolerance);
    Volume v;
    drawBall(v.canvas, {0.3, -0.2, 0.1}, radius, 0.4);
    QVERIFY(close(v.sum(), 0.4 * 4 / 3 * kPi * std::pow(radius, 3), tolerance));
    if (radius < kPixelUm) return;  // one point
    const double square = v.mean(
        [](double x, double y, double) { return (x - 0.3) * (x - 0.3) + (y + 0.2) * (y + 0.2); });
    const double spread = radius < 1.04 ? kPixelUm * kPixelUm / 3 : 0;
    QVERIFY(close(square, 0.4 * radius * radius + spread, 0.06));
}

void TestNeuron::whatLiesOutsideIsClipped() {
    Volume v;
    // Through the whole canvas and far beyond it on both sides.
    const double length = drawTaperedLine(v.canvas, {-9e5, 0, 0}, 0.3, {9e5, 0, 0}, 0.3, 1);
    QVERIFY(close(length, v.canvas.widthUm(), 1e-6));
    QVERIFY(close(v.sum(), kPi * 0.09 * v.canvas.widthUm(), 0.01));
    Volume empty;
    QCOMPARE(drawTaperedLine(empty.canvas, {-5, 40, 0}, 1, {5, 40, 0}, 1, 1), 0.0);
    QCOMPARE(drawTaperedLine(empty.canvas, {1, 2, 0}, 1, {1, 2, 0}, 1, 1), 0.0);
    drawBall(empty.canvas, {0, 0, 30}, 5, 1);
    drawBall(empty.canvas, {0, 0, 0}, 0, 1);
    QCOMPARE(empty.sum(), 0.0);
}

// A soma is a ball, whether a file gives it as one point or as three; a dendrite begins at its
// surface and as thick as itself, a spine as thin as itself.
void TestNeuron::aNeuronIsItsPieces() {
    Morphology cell;
    cell.nodes = {{kSoma, -4, 0, 0, 3, -1},
                  {kBasalDendrite, 1, 0, 0, 0.5, 0},
                  {kBasalDendrite, 7, 0, 0, 0.3, 1},
                  {kSpine, 7, 1.2, 0, 0.1, 2}};
    const double pieces = 4.0 / 3 * kPi * 27 + coneVolume(0.5, 0.5, 2) + coneVolume(0.5, 0.3, 6) +
                          coneVolume(0.1, 0.1, 1.2);
    Volume one;
    QVERIFY(close(drawMorphology(one.canvas, cell, 1), 2 + 6 + 1.2, 1e-9));
    QVERIFY(close(one.sum(), pieces, 0.015));
    cell.nodes.push_back({kSoma, -4, 3, 0, 3, 0});
    cell.nodes.push_back({kSoma, -4, -3, 0, 3, 0});
    Volume three;
    drawMorphology(three.canvas, cell, 1);
    QVERIFY(three.data == one.data);
    // Twice the dye, twice the light.
    Volume bright;
    drawMorphology(bright.canvas, cell, 2);
    QVERIFY(close(bright.sum(), 2 * one.sum(), 1e-5));
}

void TestNeuron::grownNeuronsAreTrees() {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Rng rng(seed, 1), again(seed, 1);
        const auto style = randomNeuronStyle(rng, 1.1);
        const auto cell = growNeuron(style, rng);
        QCOMPARE(formatSwc(growNeuron(randomNeuronStyle(again, 1.1), again)), formatSwc(cell));
        QCOMPARE(cell.nodes[0].type, int(kSoma));
        std::map<int, int> types;
        for (std::size_t i = 0; i < cell.nodes.size(); ++i) {
            const auto& node = cell.nodes[i];
            ++types[node.type];
            QVERIFY(node.parent < static_cast<int>(i));
            QVERIFY((node.parent < 0) == (i == 0));
            QVERIFY(node.radius > 0 && std::isfinite(node.x + node.y + node.z));
            // Spines may stand up; everything else keeps to its depth.
            if (node.type != kSpine) QVERIFY(std::abs(node.z) <= 1.1);
        }
        QVERIFY(types[kBasalDendrite] > 200 && types[kAxon] > 100);
        QCOMPARE(parseSwc(formatSwc(cell), "grown").nodes.size(), cell.nodes.size());
    }
}

// Over many neurons of one style: spines and forks come as often as asked for, dendrites taper and
// Rall's power law holds at their forks.
void TestNeuron::grownNeuronsKeepToTheirStyle() {
    NeuronStyle style;
    style.thinnestUm = 0.01;  // so that no radius is held
    Rng rng(5, 2);
    double length = 0, spines = 0, forks = 0, ratio = 0, tips = 0, tipRadius = 0;
    for (int i = 0; i < 60; ++i) {
        const auto cell = growNeuron(style, rng);
        std::vector<std::vector<const MorphologyNode*>> children(cell.nodes.size());
        for (std::size_t n = 1; n < cell.nodes.size(); ++n) {
            const auto& node = cell.nodes[n];
            const auto& parent = cell.nodes[static_cast<std::size_t>(node.parent)];
            if (node.type == kBasalDendrite) {
                children[static_cast<std::size_t>(node.parent)].push_back(&node);
                if (parent.type == kBasalDendrite)
                    length += std::hypot(node.x - parent.x, node.y - parent.y, node.z - parent.z);
            }
            spines += node.type == kSpine && parent.type != kSpine;
        }
        for (std::size_t n = 1; n < cell.nodes.size(); ++n) {
            if (cell.nodes[n].type != kBasalDendrite) continue;
            if (children[n].empty()) {
                ++tips;
                tipRadius += cell.nodes[n].radius;
            }
            if (children[n].size() != 2) continue;
            ++forks;
            ratio +=
                (std::pow(children[n][0]->radius, 1.5) + std::pow(children[n][1]->radius, 1.5)) /
                std::pow(cell.nodes[n].radius, 1.5);
        }
    }
    QVERIFY(forks > 200);
    // The first 6 um carry no spines; the last 16 um of a branch and the first 4 do not fork.
    QVERIFY(close(spines / length, style.spinesPerUm, 0.1));
    const double between = length / (forks * style.branchEveryUm);
    QVERIFY2(between > 1 && between < 2.2, qPrintable(QString::number(between)));
    QVERIFY(close(ratio / forks, 1, 0.03));
    QVERIFY(tipRadius / tips < 0.6 * style.stemRadiusUm);
}

void TestNeuron::aGivenNeuronIsPlacedBySeed() {
    Morphology cell;
    cell.nodes = {{kSoma, 1000, -500, 80, 5, -1},
                  {kBasalDendrite, 1010, -500, 80, 0.8, 0},
                  {kBasalDendrite, 1080, -470, 82, 0.4, 1},
                  {kAxon, 980, -500, 80, 0.2, 0},
                  {kAxon, 700, -400, 60, 0.2, 3}};
    const auto draw = [&](std::uint64_t seed) {
        Volume v;
        Rng layoutRng(seed, 0), rng(seed, 20);
        const CellLayout layout(layoutRng, v.canvas.widthUm(), v.canvas.heightUm());
        drawNeurons(v.canvas, layout, 1, rng, &cell);
        return v.data;
    };
    QVERIFY(draw(3) == draw(3));
    QVERIFY(draw(3) != draw(4));
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const auto data = draw(seed);
        const auto [least, most] = std::minmax_element(data.begin(), data.end());
        QVERIFY(*least >= 0 && *most > 5 * (*least));  // a neuron before its background
    }
}

QTEST_APPLESS_MAIN(TestNeuron)
#include "tst_neuron.moc"
