// Lines of equal value against shapes whose lines are known.
#include <QTest>
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "core/posterior/iso_lines.h"
#include "core/posterior/uncertainty_maps.h"

using namespace posteria;
using namespace posteria::posterior;

namespace {

image::Plane planeOf(int width, int height, const std::function<double(int, int)>& value) {
    void* memory = nullptr;
    auto plane = image::Plane::allocate(image::PixelType::Float32, width, height, &memory);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            static_cast<float*>(memory)[y * width + x] = float(value(x, y));
    return plane;
}

double length(const std::vector<Segment>& segments) {
    double sum = 0;
    for (const auto& s : segments)
        sum += std::hypot(s.a.x - s.b.x, s.a.y - s.b.y);
    return sum;
}

}  // namespace

class TestIsoLines : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    // A slope is met on a straight line, wherever that lies between the pixels.
    void aSlopeHasAStraightLine() {
        const auto plane = planeOf(9, 6, [](int x, int y) { return 2.0 * x + y; });
        const auto lines = isoLines(plane, 7.3);
        QVERIFY(!lines.empty());
        for (const auto& s : lines)
            for (const auto& p : {s.a, s.b})
                QVERIFY2(std::abs(2 * p.x + p.y - 7.3) < 1e-5,
                         qPrintable(QString("%1, %2").arg(p.x).arg(p.y)));
        // From y = 0 to y = 5 it goes on without a gap.
        QVERIFY(std::abs(length(lines) - std::hypot(5, 2.5)) < 1e-5);
    }

    void aConeHasACircle() {
        constexpr double radius = 20.5;
        const auto plane =
            planeOf(64, 64, [](int x, int y) { return 100 - std::hypot(x - 31.5, y - 30.2); });
        const auto lines = isoLines(plane, 100 - radius);
        double farthest = 0;
        for (const auto& s : lines)
            for (const auto& p : {s.a, s.b})
                farthest =
                    std::max(farthest, std::abs(std::hypot(p.x - 31.5, p.y - 30.2) - radius));
        QVERIFY2(farthest < 0.02, qPrintable(QString::number(farthest)));
        QVERIFY(std::abs(length(lines) / (2 * std::acos(-1.0) * radius) - 1) < 0.01);
        // Every end is the beginning of another piece: the line is closed.
        for (const auto& s : lines) {
            int met = 0;
            for (const auto& other : lines)
                for (const auto& p : {other.a, other.b})
                    met += std::hypot(p.x - s.a.x, p.y - s.a.y) < 1e-9;
            QCOMPARE(met, 2);
        }
    }

    void saddlesArePartedByTheirMiddle_data() {
        QTest::addColumn<double>("high");
        QTest::addColumn<bool>("joined");  // the two high corners
        QTest::newRow("weak") << 1.5 << false;
        QTest::newRow("strong") << 4.0 << true;
    }
    void saddlesArePartedByTheirMiddle() {
        QFETCH(double, high);
        QFETCH(bool, joined);
        for (const int turned : {0, 1}) {
            // High at the upper left and the lower right, or at the other two.
            const auto plane =
                planeOf(2, 2, [&](int x, int y) { return (x + y) % 2 == turned ? high : -1.0; });
            const auto lines = isoLines(plane, 0.5);
            QCOMPARE(lines.size(), 2u);
            // The low corner nearest to a line is cut off where the high ones hang together.
            for (const auto& s : lines) {
                const Point middle{(s.a.x + s.b.x) / 2, (s.a.y + s.b.y) / 2};
                const int nearest = (middle.x > 0.5) + (middle.y > 0.5);
                const bool aroundHigh = nearest % 2 == turned;
                QCOMPARE(aroundHigh, !joined);
            }
        }
    }

    void nothingIsDrawnWhereNothingIsKnown() {
        const auto plane = planeOf(5, 5, [](int x, int y) {
            return x == 2 && y == 2 ? std::numeric_limits<double>::quiet_NaN() : double(x);
        });
        for (const auto& s : isoLines(plane, 1.5))
            QVERIFY(std::max(s.a.y, s.b.y) <= 1 || std::min(s.a.y, s.b.y) >= 3);
        QVERIFY(isoLines(plane, 99).empty());
        QVERIFY(isoLines(planeOf(1, 5, [](int, int y) { return y; }), 2).empty());
    }

    // Every other pixel of a part, as the map of the whole has it.
    void quantilesOfAPartAreThoseOfTheMap() {
        std::mt19937 random(3);
        std::normal_distribution<float> normal(50, 9);
        std::vector<image::StackPtr> samples;
        for (int k = 0; k < 9; ++k) {
            image::StackInfo info;
            info.type = image::PixelType::Float32;
            info.shape = {1, 1, 1, 12, 15};
            samples.push_back(image::makeMemoryStack(
                info, {planeOf(15, 12, [&](int, int) { return normal(random); })}));
        }
        const image::Rect rect{3, 2, 9, 7};
        const auto parts = quantilePlanes(samples, {}, rect, 2, {0.05, 0.95});
        QCOMPARE(parts.size(), 2u);
        QCOMPARE(parts[0].width(), 5);
        QCOMPARE(parts[0].height(), 4);
        for (const int q : {0, 1}) {
            const auto all = quantileMap(samples, q == 0 ? 0.05 : 0.95)->readPlane({});
            for (int y = 0; y < 4; ++y)
                for (int x = 0; x < 5; ++x)
                    QCOMPARE(parts[std::size_t(q)].value(x, y), all.value(3 + 2 * x, 2 + 2 * y));
        }
    }
};

QTEST_APPLESS_MAIN(TestIsoLines)
#include "tst_iso_lines.moc"
