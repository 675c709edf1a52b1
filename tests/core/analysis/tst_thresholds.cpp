#include <QtTest>
#include <cmath>

#include "core/analysis/thresholds.h"
#include "tests/core/analysis/objects_fixture.h"
#include "tests/core/analysis/objects_images.h"

using namespace posteria::analysis;
using fixture::makePlane;

class TestThresholds : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    // Otsu's is compared in tst_metrics.cpp.
    void agreeWithScikitImage() {
        const Planes straight{fixture::blobs(0)};
        const Planes turned{
            makePlane(96, 120, [&](auto x, auto y) { return 500 - straight[0].value(x, y); })};
        verifyClose(liThreshold(straight), fixture::kLi);
        verifyClose(liThreshold(turned), fixture::kLiTurned);
        verifyClose(triangleThreshold(straight), fixture::kTriangle);
        verifyClose(triangleThreshold(turned), fixture::kTriangleTurned);
    }

    // An affine change of grey values moves the threshold with them.
    void followTheGreyValues() {
        const Planes plane{fixture::blobs(0)};
        const Planes changed{
            makePlane(96, 120, [&](auto x, auto y) { return 4 * plane[0].value(x, y) - 1024; })};
        for (const auto rule : {otsuThreshold, liThreshold, triangleThreshold})
            verifyClose(rule(changed), 4 * rule(plane) - 1024, 1e-4);
    }

    void planesCountAsOneImage() {
        const auto whole = fixture::blobs(0);
        const Planes parts{whole.cropped({0, 0, 120, 40}), whole.cropped({0, 40, 120, 56})};
        for (const auto rule : {otsuThreshold, liThreshold, triangleThreshold})
            verifyClose(rule(parts), rule({whole}));
    }

    void flatImagesHaveNoSignal() {
        const Planes flat{makePlane(5, 5, [](auto, auto) { return 3; })};
        for (const auto rule : {otsuThreshold, liThreshold, triangleThreshold})
            QCOMPARE(rule(flat), 3.0);
        // Two values: whatever is not the smallest is signal.
        const Planes spot{makePlane(5, 5, [](auto x, auto y) { return x == 2 && y == 2; })};
        for (const auto rule : {otsuThreshold, liThreshold, triangleThreshold})
            QVERIFY(rule(spot) >= 0 && rule(spot) < 1);
    }

  private:
    static void verifyClose(double value, double expected, double tolerance = 1e-9) {
        QVERIFY2(
            std::abs(value - expected) <= tolerance * std::abs(expected),
            qPrintable(QString("%1 is not %2").arg(value, 0, 'g', 15).arg(expected, 0, 'g', 15)));
    }
};

QTEST_APPLESS_MAIN(TestThresholds)
#include "tst_thresholds.moc"
