#include <QtTest>
#include <map>
#include <random>

#include "core/analysis/labelling.h"
#include "tests/core/analysis/objects_images.h"

using namespace posteria::analysis;
using fixture::drawn;

class TestLabelling : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void measuresObjects() {
        const auto labels = drawn({"11..", ".1.2", "...2"});
        const auto plane = fixture::makePlane(3, 4, [](auto x, auto y) { return 10 * y + x; });
        const auto objects = measureObjects(labels, plane);
        QCOMPARE(objects.size(), std::size_t(2));
        QCOMPARE(objects[0].area, 3.0);
        QCOMPARE(objects[0].intensity, (0 + 1 + 11) / 3.0);
        QCOMPARE(objects[0].total(), 12.0);
        QCOMPARE(objects[0].x, 2 / 3.0);
        QCOMPARE(objects[0].y, 1 / 3.0);
        QCOMPARE(objects[1].x, 3.0);
        QCOMPARE(objects[1].y, 1.5);
        const auto image = labels.toPlane();
        QCOMPARE(image.value(3, 2), 2.0);
        QCOMPARE(image.value(2, 1), 0.0);
    }

    void numbersWhatIsLeftRowByRow() {
        const std::int32_t labels[] = {0, 7, 7, 0,  //
                                       3, 0, 7, 9,  //
                                       3, 3, 0, 9};
        const auto all = makeLabelling(labels, 4, 3, 9);
        QCOMPARE(all.count, 3);
        QCOMPARE(all.areas(), (std::vector<std::int64_t>{3, 3, 2}));
        QCOMPARE(all.toPlane().value(0, 2), 2.0);
        const auto large = makeLabelling(labels, 4, 3, 9, 3);
        QCOMPARE(large.count, 2);
        QCOMPARE(large.toPlane().value(3, 2), 0.0);
    }

    // Against every pixel looked at, with labels that are scattered and that fill rows.
    void overlapsAreThoseOfThePixels() {
        std::mt19937 random(17);
        for (const int most : {1, 2, 9}) {
            std::vector<std::int32_t> a(60 * 41), b(a.size());
            for (auto* labels : {&a, &b}) {
                for (std::size_t i = 0; i < labels->size(); ++i) {
                    (*labels)[i] = i > 0 && random() % 4
                                       ? (*labels)[i - 1]
                                       : static_cast<std::int32_t>(random() % (most + 1));
                }
            }
            std::map<std::pair<int, int>, std::int64_t> expected, found;
            for (std::size_t i = 0; i < a.size(); ++i) {
                if (a[i] && b[i]) ++expected[{a[i], b[i]}];
            }
            for (const auto& overlap :
                 overlaps(runsOf(a.data(), 41, 60, most), runsOf(b.data(), 41, 60, most)))
                found[{overlap.a, overlap.b}] += overlap.pixels;
            QVERIFY(!expected.empty());
            QVERIFY(found == expected);
        }
    }
};

QTEST_APPLESS_MAIN(TestLabelling)
#include "tst_labelling.moc"
