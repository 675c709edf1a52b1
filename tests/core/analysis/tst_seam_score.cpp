#include <QtTest>
#include <cmath>

#include "core/analysis/seam_score.h"
#include "core/image/tile_grid.h"
#include "tests/core/analysis/planes.h"

using namespace posteria;
using namespace posteria::analysis;
using fixture::makePlane;

namespace {

constexpr std::int64_t kSide = 512;

// Smooth structure with noise; `step` is added in every second tile, as a seam would show.
image::Plane picture(const image::TileGrid& grid, double step, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal(0, 2);
    const auto index = [](const std::vector<std::int64_t>& seams, std::int64_t position) {
        return std::upper_bound(seams.begin(), seams.end(), position) - seams.begin();
    };
    const auto vertical = grid.verticalSeams(), horizontal = grid.horizontalSeams();
    return makePlane(kSide, kSide, [&](auto x, auto y) {
        const double structure = 200 + 100 * std::sin(0.05 * x + 0.02 * y) * std::cos(0.03 * y);
        return structure + normal(random) +
               step * ((index(vertical, x) + index(horizontal, y)) % 2);
    });
}

}  // namespace

class TestSeamScore : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void findsASmallStep() {
        const image::TileGrid grid(kSide, kSide, 128, 32, 20, 50);
        const auto score =
            seamScore(picture(grid, 4, 1), grid.verticalSeams(), grid.horizontalSeams());
        QVERIFY(score.pairs > 200);
        QVERIFY2(score.pValue == 0.001 && score.ratio > 1.1,
                 qPrintable(QString::number(score.ratio)));
    }

    // Without a seam the p-value is uniform: over 60 pictures fewer than 9 fall below 0.05
    // (binomial, p = 0.001), and none is far off.
    void raisesNoFalseAlarm() {
        const image::TileGrid grid(kSide, kSide, 128, 32, 20, 50);
        int alarms = 0;
        for (unsigned seed = 1; seed <= 60; ++seed) {
            const auto score = seamScore(picture(grid, 0, seed), grid.verticalSeams(),
                                         grid.horizontalSeams(), 199);
            alarms += score.pValue < 0.05;
            QVERIFY(std::abs(score.ratio - 1) < 0.1);
        }
        QVERIFY2(alarms < 9, qPrintable(QString::number(alarms)));
    }

    void aSeamInOneDirectionIsEnough() {
        std::mt19937 random(9);
        std::normal_distribution<double> normal(0, 5);
        const auto plane =
            makePlane(100, 300, [&](auto x, auto) { return normal(random) + (x < 150 ? 0 : 60); });
        QVERIFY(seamScore(plane, {150}, {}).pValue < 0.05);
        QVERIFY(seamScore(plane, {}, {50}).pValue > 0.05);
    }

    void nothingToTest() {
        const auto plane = makePlane(64, 64, [](auto x, auto) { return x; });
        const auto none = seamScore(plane, {}, {});
        QCOMPARE(none.pairs, 0);
        QCOMPARE(none.pValue, 1.0);
        const auto flat = seamScore(makePlane(64, 64, [](auto, auto) { return 3; }), {32}, {32});
        QCOMPARE(flat.ratio, 1.0);
        QCOMPARE(flat.pValue, 1.0);
        // Seams at or beyond the border are left out, not read across it.
        QCOMPARE(seamScore(plane, {0, 1, 63, 64, 90}, {-5}).pairs, 0);
    }
};

QTEST_APPLESS_MAIN(TestSeamScore)
#include "tst_seam_score.moc"
