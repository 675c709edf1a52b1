// Figures of a region against loops over its pixels, and their distribution.
#include <QTest>
#include <cmath>
#include <limits>
#include <random>

#include "core/posterior/region_statistics.h"

using namespace posteria;
using namespace posteria::posterior;

namespace {

constexpr int kWidth = 11, kHeight = 8;

image::StackPtr randomSample(std::mt19937& random) {
    std::normal_distribution<float> normal(20, 5);
    image::StackInfo info;
    info.type = image::PixelType::Float32;
    info.shape = {1, 2, 1, kHeight, kWidth};
    std::vector<image::Plane> planes;
    for (int c = 0; c < 2; ++c) {
        void* memory = nullptr;
        planes.push_back(image::Plane::allocate(info.type, kWidth, kHeight, &memory));
        for (int i = 0; i < kWidth * kHeight; ++i)
            static_cast<float*>(memory)[i] = normal(random) * float(c + 1);
        if (c == 1) static_cast<float*>(memory)[3 * kWidth + 4] = std::nanf("");
    }
    return image::makeMemoryStack(info, std::move(planes));
}

}  // namespace

class TestRegionStatistics : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void figuresAreThoseOfTheRegionsPixels() {
        std::mt19937 random(11);
        std::vector<image::StackPtr> samples;
        for (int k = 0; k < 5; ++k)
            samples.push_back(randomSample(random));
        // An L, which hangs over the plane at the right and below.
        const std::vector<RegionRow> region{{2, 3, 4}, {3, 3, 4}, {7, 3, 30}, {8, 0, 10}};
        const auto inside = [](int x, int y) {
            return ((y == 2 || y == 3) && (x == 3 || x == 4)) || (y == 7 && x >= 3);
        };
        for (const int c : {0, 1}) {
            const double threshold = 21.0 * (c + 1);
            const auto figures = regionFigures(samples, {0, c, 0}, region, threshold);
            QCOMPARE(figures.size(), samples.size());
            for (std::size_t k = 0; k < samples.size(); ++k) {
                const auto plane = samples[k]->readPlane({0, c, 0});
                double sum = 0, count = 0, above = 0;
                for (int y = 0; y < kHeight; ++y) {
                    for (int x = 0; x < kWidth; ++x) {
                        const double value = plane.value(x, y);
                        if (!inside(x, y) || std::isnan(value)) continue;
                        sum += value;
                        count += 1;
                        above += value > threshold;
                    }
                }
                QCOMPARE(count, c == 0 ? 12.0 : 11.0);
                QVERIFY(std::abs(figures[k].integrated - sum) < 1e-9 * sum);
                QVERIFY(std::abs(figures[k].mean - sum / count) < 1e-9 * sum);
                QCOMPARE(figures[k].above, above);
            }
        }
    }

    void nothingIsMeasuredOutside() {
        std::mt19937 random(1);
        const auto figures =
            regionFigures({randomSample(random)}, {}, {{-1, 0, 4}, {2, 40, 50}, {99, 0, 3}}, 0);
        QCOMPARE(figures.size(), 1u);
        QCOMPARE(figures[0].integrated, 0.0);
        QCOMPARE(figures[0].above, 0.0);
        QVERIFY(regionFigures({}, {}, {{0, 0, 3}}, 0).empty());
    }

    void aDistributionHasQuantiles() {
        std::vector<double> values;
        for (int i = 100; i >= 0; --i)
            values.push_back(i);
        const auto d = distributionOf(values);
        QCOMPARE(d.mean, 50.0);
        QCOMPARE(d.q05, 5.0);
        QCOMPARE(d.median, 50.0);
        QCOMPARE(d.q95, 95.0);
        // Of 0 … n - 1, unbiased: n (n + 1) / 12.
        QVERIFY(std::abs(d.std - std::sqrt(101.0 * 102 / 12)) < 1e-9);
        QCOMPARE(distributionOf({7}).std, 0.0);
        QVERIFY(std::isnan(distributionOf({}).median));
    }
};

QTEST_APPLESS_MAIN(TestRegionStatistics)
#include "tst_region_statistics.moc"
