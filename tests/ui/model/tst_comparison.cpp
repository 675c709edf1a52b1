// What is compared with what, and the pixels of the difference.
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "tests/ui/stacks.h"
#include "ui/model/comparison.h"

using namespace posteria;
using namespace posteria::ui;

namespace {

// float32 of that shape; the pixel is 1000 t + 100 c + 10 z + x + y / 10.
image::StackPtr ramp(const image::Shape& shape, double plus = 0) {
    image::StackInfo info;
    info.type = image::PixelType::Float32;
    info.shape = shape;
    std::vector<image::Plane> planes;
    for (std::int64_t t = 0; t < shape.t; ++t)
        for (std::int64_t c = 0; c < shape.c; ++c)
            for (std::int64_t z = 0; z < shape.z; ++z) {
                void* memory = nullptr;
                planes.push_back(image::Plane::allocate(info.type, shape.x, shape.y, &memory));
                for (std::int64_t i = 0; i < shape.x * shape.y; ++i)
                    static_cast<float*>(memory)[i] = float(1000 * t + 100 * c + 10 * z +
                                                           i % shape.x + i / shape.x / 10.0 + plus);
            }
    return image::makeMemoryStack(info, std::move(planes));
}

}  // namespace

class TestComparison : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void theDifferenceIsExact() {
        const auto a = ramp({2, 2, 3, 5, 6}, 7), b = ramp({2, 2, 3, 5, 6});
        const auto d = makeDifference(a, {}, b, {});
        QCOMPARE(d->shape(), a->shape());
        QVERIFY(d->info().type == image::PixelType::Float32);
        const auto plane = d->readPlane({1, 1, 2});
        for (int y = 0; y < 5; ++y)
            for (int x = 0; x < 6; ++x)
                QVERIFY(std::abs(plane.value(x, y) - 7) < 1e-3);
        // Unsigned pixels do not wrap around.
        const auto few = test::countingStack(4), many = test::countingStack(4, 2);
        const auto negative = makeDifference(few, {}, many, {});
        QCOMPARE(negative->shape().c, 2);
        QCOMPARE(negative->readPlane({0, 1, 0}).value(3, 3), -1000.0);
    }

    void aPartIsTakenFromItsPlace() {
        // B covers x 4…7, y 2…4 of slices 1 and 3 of A.
        const auto a = ramp({1, 1, 4, 5, 6}), b = ramp({1, 1, 2, 3, 4});
        const Placement place{4, 2, {}, {1, 3}};
        const auto d = makeDifference(a, {}, b, place);
        QCOMPARE(d->shape().z, 2);
        const auto plane = d->readPlane({0, 0, 1});
        // A's (5, 4) in slice 3 against B's (1, 2) in its second.
        QVERIFY(std::abs(plane.value(1, 2) - (30 + 5 + 0.4 - (10 + 1 + 0.2))) < 1e-4);
        QVERIFY(std::isnan(plane.value(2, 0)));  // A has no column 6
        const auto part = d->read({0, 0, 1}, 0, {1, 1, 2, 2});
        QVERIFY(std::abs(part.value(0, 1) - plane.value(1, 2)) < 1e-6);
    }

    void aResultIsComparedWithItsInputAndAnImageWithItsNeighbour() {
        Document document;
        Comparison comparison(&document);
        QVERIFY(!comparison.setMode(Comparison::Mode::Swipe));
        QCOMPARE(comparison.mode(), Comparison::Mode::Off);
        Layer* first = document.addImage(test::countingStack(16), "first");
        QVERIFY(!comparison.setMode(Comparison::Mode::Swipe));
        Layer* other = document.addImage(test::countingStack(8), "another size");
        QVERIFY(!comparison.setMode(Comparison::Mode::Swipe));
        Layer* second = document.addImage(test::countingStack(16), "second");
        QSignalSpy changed(&comparison, &Comparison::panesChanged);
        QVERIFY(comparison.setMode(Comparison::Mode::Swipe));
        QVERIFY(changed.count() > 0);
        auto panes = comparison.panes();
        QCOMPARE(panes.size(), 1u);
        QCOMPARE(panes[0].layers, std::vector<Layer*>{first});
        QCOMPARE(panes[0].swipe, second);
        document.select(first);
        panes = comparison.panes();
        QCOMPARE(panes[0].layers, std::vector<Layer*>{second});
        QCOMPARE(panes[0].swipe, first);
        document.setInputHeld(true);
        QVERIFY(!comparison.panes()[0].swipe);
        document.setInputHeld(false);
        // Without its pair the document's own panes come back.
        document.remove(second);
        QCOMPARE(comparison.panes().size(), document.panes().size());
        Q_UNUSED(other)
    }

    void theDifferenceFollowsThePixelsAndIsSymmetric() {
        Document document;
        Comparison comparison(&document);
        Layer* a = document.addImage(ramp({1, 1, 1, 8, 8}, 3), "a");
        Layer* b = document.addImage(ramp({1, 1, 1, 8, 8}), "b");
        QVERIFY(comparison.setMode(Comparison::Mode::Difference));
        const auto panes = comparison.panes();
        QCOMPARE(panes.size(), 3u);
        Layer* difference = comparison.difference();
        QCOMPARE(panes[2].layers, std::vector<Layer*>{difference});
        QCOMPARE(difference->name(), QString("a − b"));
        QCOMPARE(difference->channels()[0].colormap, QString("blue-red"));
        QVERIFY(std::abs(difference->stack()->readPlane({}).value(2, 2) - 3) < 1e-4);
        b->setStack(ramp({1, 1, 1, 8, 8}, 5));
        const auto plane = difference->stack()->readPlane({});
        QVERIFY(std::abs(plane.value(2, 2) + 2) < 1e-4);
        difference->takeLimits(0, plane);
        const auto limits = difference->channels()[0].limits;
        QCOMPARE(limits.low, -limits.high);
        QVERIFY(std::abs(limits.high - 2) < 0.01);
        comparison.setMode(Comparison::Mode::Off);
        comparison.panes();
        QVERIFY(!comparison.difference());
        Q_UNUSED(a)
    }
};

QTEST_GUILESS_MAIN(TestComparison)
#include "tst_comparison.moc"
