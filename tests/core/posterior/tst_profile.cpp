// Values along lines against planes whose value at a place is known, bands against counting.
#include <QTest>
#include <algorithm>
#include <cmath>
#include <random>

#include "core/posterior/profile.h"

using namespace posteria;
using namespace posteria::posterior;

namespace {

// value(x, y) = 3 x + 100 y, exact under bilinear interpolation.
double ramp(double x, double y) {
    return 3 * x + 100 * y;
}

image::StackPtr rampStack(int width, int height) {
    image::StackInfo info;
    info.type = image::PixelType::Float32;
    info.shape = {1, 1, 1, height, width};
    void* memory = nullptr;
    auto plane = image::Plane::allocate(info.type, width, height, &memory);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            static_cast<float*>(memory)[y * width + x] = float(ramp(x, y));
    return image::makeMemoryStack(info, {plane});
}

}  // namespace

class TestProfile : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void linesHaveBothEndsAndStepsOfAtMostAPixel() {
        const auto points = pointsBetween({1, 2}, {4, 6});  // length 5
        QCOMPARE(points.size(), std::size_t(6));
        QCOMPARE(points.front().x, 1.0);
        QCOMPARE(points.back().y, 6.0);
        QVERIFY(std::abs(points[1].x - 1.6) < 1e-12 && std::abs(points[1].y - 2.8) < 1e-12);
        QCOMPARE(pointsBetween({0, 0}, {0, 2.5}).size(), std::size_t(4));
        QCOMPARE(pointsBetween({3, 3}, {3, 3}).size(), std::size_t(1));
    }

    // Longer than what is read at once, slanting both ways, and in from beyond the edge.
    void valuesAreThoseOfThePlane() {
        const auto stack = rampStack(300, 200);
        for (const auto& [a, b] : {std::pair<Point, Point>{{0, 0}, {299, 199}},
                                   {{290.5, 3.25}, {2, 180}},
                                   {{7, 7}, {7, 7}}}) {
            const auto points = pointsBetween(a, b);
            const auto values = valuesAt(*stack, {}, points);
            QCOMPARE(values.size(), points.size());
            for (std::size_t i = 0; i < points.size(); ++i)
                QVERIFY(std::abs(values[i] - ramp(points[i].x, points[i].y)) < 1e-2);
        }
        const auto beyond = valuesAt(*stack, {}, {{-0.4, 0}, {-0.6, 0}, {299.4, 5}, {3, 199.6}});
        QCOMPARE(beyond[0], 0.0);
        QVERIFY(std::isnan(beyond[1]));
        QCOMPARE(beyond[2], ramp(299, 5));
        QVERIFY(std::isnan(beyond[3]));
    }

    // numpy.quantile([4, 1, 3, 2], q), whose default is type 7.
    void quantilesInterpolate() {
        const std::vector<double> values{4, 1, 3, 2};
        QCOMPARE(quantile(values, 0), 1.0);
        QCOMPARE(quantile(values, 0.5), 2.5);
        QVERIFY(std::abs(quantile(values, 0.05) - 1.15) < 1e-12);
        QVERIFY(std::abs(quantile(values, 0.9) - 3.7) < 1e-12);
        QVERIFY(std::isnan(quantile({}, 0.5)));
    }

    void bandsHoldTheirShareOfTheSamples() {
        std::mt19937 random(3);
        std::normal_distribution<double> normal;
        std::vector<std::vector<double>> samples(400, std::vector<double>(5));
        for (auto& sample : samples)
            for (std::size_t i = 0; i < 5; ++i)
                sample[i] = 10 * double(i) + normal(random);
        samples[7][4] = std::nan("");
        const auto bands = bandsOf(samples);
        QCOMPARE(bands.median.size(), std::size_t(5));
        const auto share = [&](std::size_t i, double low, double high) {
            return double(
                       std::count_if(samples.begin(), samples.end(),
                                     [&](const auto& s) { return s[i] >= low && s[i] <= high; })) /
                   400;
        };
        for (std::size_t i = 0; i < 4; ++i) {
            QVERIFY(std::abs(share(i, bands.q05[i], bands.q95[i]) - 0.9) < 0.01);
            QVERIFY(std::abs(share(i, bands.q25[i], bands.q75[i]) - 0.5) < 0.01);
            QVERIFY(std::abs(bands.median[i] - 10 * double(i)) < 0.3);
        }
        QVERIFY(std::isnan(bands.median[4]));  // one of them is not known there
        QVERIFY(bandsOf({}).median.empty());
    }
};

QTEST_GUILESS_MAIN(TestProfile)
#include "tst_profile.moc"
