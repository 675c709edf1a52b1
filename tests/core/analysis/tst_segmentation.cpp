#include <QtTest>
#include <cmath>
#include <limits>

#include "core/analysis/segmentation.h"
#include "core/base/error.h"
#include "tests/core/analysis/objects_fixture.h"
#include "tests/core/analysis/objects_images.h"

using namespace posteria;
using namespace posteria::analysis;
using fixture::makePlane;

namespace {

SegmentationSettings ofFixture(bool split) {
    SegmentationSettings settings;
    settings.smoothing = 1.5;
    settings.backgroundRadius = 15;
    settings.split = split;
    settings.minArea = 20;
    return settings;
}

// A bar of discs of radius r, their centres `apart`, on black.
image::Plane discs(int count, int r, int apart) {
    return makePlane(40, 100, [=](auto x, auto y) {
        for (int i = 0; i < count; ++i) {
            const auto dx = x - 20 - i * apart, dy = y - 20;
            if (dx * dx + dy * dy <= r * r) return 100;
        }
        return 0;
    });
}

SegmentationSettings byHand() {
    SegmentationSettings settings;
    settings.smoothing = 0;
    settings.rule = ThresholdRule::Manual;
    settings.threshold = 50;
    return settings;
}

}  // namespace

class TestSegmentation : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void agreesWithScikitImage() {
        const auto result = segment(fixture::blobs(0), ofFixture(false));
        QVERIFY(std::abs(result.threshold - fixture::kThresholdWhole) < 1e-3);
        // A pixel more or less would show in the area.
        compare(result.labels, fixture::kWhole, std::size(fixture::kWhole), 0, 1e-4);
    }

    // Which of two basins the ridge between them belongs to is another rule there: a line of pixels
    // as long as a waist, 11 pixels here, may go to the neighbour, and moves the centroids by what
    // that weighs.
    void partsTouchingObjectsAsScikitImage() {
        const auto result = segment(fixture::blobs(0), ofFixture(true));
        compare(result.labels, fixture::kParted, std::size(fixture::kParted), 11, 0.8);
        double whole = 0, parted = 0;
        for (const auto& row : fixture::kParted)
            whole += row[0];
        for (const auto area : result.labels.areas())
            parted += static_cast<double>(area);
        QCOMPARE(parted, whole);
    }

    void depthDecidesWhatIsOneObject() {
        // Discs of radius 8, 12 apart: their distance maps are some 8 high, with saddles of
        // sqrt(64 - 36) = 5.3 between them.
        auto settings = byHand();
        const auto plane = discs(4, 8, 12);
        QCOMPARE(segment(plane, settings).labels.count, 4);
        settings.splitDepth = 2;
        QCOMPARE(segment(plane, settings).labels.count, 4);
        settings.splitDepth = 4;
        QCOMPARE(segment(plane, settings).labels.count, 1);
        settings.split = false;
        QCOMPARE(segment(plane, settings).labels.count, 1);
    }

    void sizesBoundWhatIsAnObject() {
        auto settings = byHand();
        settings.split = false;
        const auto plane = makePlane(12, 30, [](auto x, auto y) {
            return (x < 2 && y < 2) || (x > 5 && x < 9 && y > 2 && y < 6) || (x > 15 && y > 5) ? 100
                                                                                               : 0;
        });
        const std::vector<std::int64_t> all{4, 9, 84};
        QCOMPARE(segment(plane, settings).labels.areas(), all);
        settings.minArea = 9;
        QCOMPARE(segment(plane, settings).labels.areas(), (std::vector<std::int64_t>{9, 84}));
        settings.maxArea = 83;
        QCOMPARE(segment(plane, settings).labels.areas(), (std::vector<std::int64_t>{9}));
        settings.minArea = 10;
        const auto none = segment(plane, settings).labels;
        QCOMPARE(none.count, 0);
        QVERIFY(none.runs.empty());
        QCOMPARE(none.toPlane().value(25, 10), 0.0);
    }

    // A slow background does not change what is found; without its subtraction it does.
    void backgroundIsTakenOff() {
        auto settings = byHand();
        settings.backgroundRadius = 10;
        const auto flat = discs(3, 5, 24);
        const auto sloped = makePlane(
            40, 100, [&](auto x, auto y) { return flat.value(x, y) + 0.5 * x + 0.25 * y + 30; });
        const auto expected = segment(flat, settings).labels.areas();
        QCOMPARE(expected.size(), std::size_t(3));
        QCOMPARE(segment(sloped, settings).labels.areas(), expected);
        settings.backgroundRadius = 0;
        QVERIFY(segment(sloped, settings).labels.areas() != expected);
    }

    void refusesWhatIsNotPossible() {
        const auto broken = makePlane(8, 8, [](auto x, auto y) {
            return x == 3 && y == 3 ? std::numeric_limits<double>::quiet_NaN() : 1;
        });
        verifyKind(broken, {}, ErrorKind::Input);
        const auto plane = discs(1, 5, 1);
        for (const auto change : {0, 1, 2, 3, 4}) {
            SegmentationSettings settings;
            if (change == 0) settings.smoothing = -1;
            if (change == 1) settings.backgroundRadius = -1;
            if (change == 2) settings.minArea = 9, settings.maxArea = 8;
            if (change == 3) settings.splitDepth = -0.1;
            if (change == 4) settings.threshold = std::numeric_limits<double>::infinity();
            verifyKind(plane, settings, ErrorKind::Usage);
        }
    }

  private:
    // The nearest object to each row's place: its area and its figures.
    static void compare(const Labelling& labels, const double (*rows)[4], std::size_t count,
                        double areaTolerance, double placeTolerance) {
        const auto objects = measureObjects(labels, fixture::blobs(0));
        QCOMPARE(objects.size(), count);
        for (std::size_t i = 0; i < count; ++i) {
            const auto* row = rows[i];
            const auto away = [&](const ObjectFigures& o) {
                return std::hypot(o.x - row[1], o.y - row[2]);
            };
            const auto& nearest =
                *std::min_element(objects.begin(), objects.end(),
                                  [&](const auto& a, const auto& b) { return away(a) < away(b); });
            const auto text = QString("object at %1, %2: area %3 instead of %4, %5 off")
                                  .arg(row[1])
                                  .arg(row[2])
                                  .arg(nearest.area)
                                  .arg(row[0])
                                  .arg(away(nearest));
            QVERIFY2(away(nearest) <= placeTolerance, qPrintable(text));
            QVERIFY2(std::abs(nearest.area - row[0]) <= areaTolerance, qPrintable(text));
            QVERIFY2(
                std::abs(nearest.intensity - row[3]) <= (areaTolerance / row[0] + 1e-6) * row[3],
                qPrintable(text));
        }
    }

    static void verifyKind(const image::Plane& plane, const SegmentationSettings& settings,
                           ErrorKind kind) {
        try {
            segment(plane, settings);
            QFAIL("was accepted");
        } catch (const Error& e) {
            QCOMPARE(e.kind(), kind);
        }
    }
};

QTEST_APPLESS_MAIN(TestSegmentation)
#include "tst_segmentation.moc"
