// Maps of a posterior's samples against what is computed here by sorting and counting.
#include <QTest>
#include <algorithm>
#include <cmath>
#include <random>

#include "core/base/error.h"
#include "core/posterior/uncertainty_maps.h"

using namespace posteria;
using namespace posteria::posterior;

namespace {

constexpr int kSide = 7, kChannels = 2;

image::StackPtr stackOf(const std::function<float(int channel, int pixel)>& value) {
    image::StackInfo info;
    info.type = image::PixelType::Float32;
    info.shape = {1, kChannels, 1, kSide, kSide};
    std::vector<image::Plane> planes;
    for (int c = 0; c < kChannels; ++c) {
        void* memory = nullptr;
        planes.push_back(image::Plane::allocate(info.type, kSide, kSide, &memory));
        for (int i = 0; i < kSide * kSide; ++i)
            static_cast<float*>(memory)[i] = value(c, i);
    }
    return image::makeMemoryStack(info, std::move(planes));
}

std::vector<image::StackPtr> randomSamples(int count) {
    std::mt19937 random(7);
    std::normal_distribution<float> normal(10, 3);
    std::vector<image::StackPtr> samples;
    for (int k = 0; k < count; ++k)
        samples.push_back(stackOf([&](int c, int) { return normal(random) * float(c + 1); }));
    return samples;
}

std::vector<double> sortedAt(const std::vector<image::StackPtr>& samples, int c, int x, int y) {
    std::vector<double> values;
    for (const auto& sample : samples)
        values.push_back(sample->readPlane({0, c, 0}).value(x, y));
    std::sort(values.begin(), values.end());
    return values;
}

double quantile(const std::vector<double>& sorted, double q) {
    const double at = q * double(sorted.size() - 1);
    const auto low = std::size_t(std::floor(at)), high = std::size_t(std::ceil(at));
    return sorted[low] + (at - double(low)) * (sorted[high] - sorted[low]);
}

}  // namespace

class TestUncertaintyMaps : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void quantilesAreThoseOfTheSortedSamples_data() {
        QTest::addColumn<int>("count");
        for (const int count : {1, 2, 5, 16})
            QTest::addRow("%d samples", count) << count;
    }

    void quantilesAreThoseOfTheSortedSamples() {
        QFETCH(int, count);
        const auto samples = randomSamples(count);
        const auto width = intervalWidth(samples, 0.05, 0.95);
        for (const double q : {0.0, 0.05, 0.5, 0.95, 1.0}) {
            const auto map = quantileMap(samples, q);
            for (int c = 0; c < kChannels; ++c) {
                const auto sorted = sortedAt(samples, c, 3, 5);
                const double got = map->readPlane({0, c, 0}).value(3, 5);
                QVERIFY(std::abs(got - quantile(sorted, q)) < 1e-4);
                const double wide = quantile(sorted, 0.95) - quantile(sorted, 0.05);
                QVERIFY(std::abs(width->readPlane({0, c, 0}).value(3, 5) - wide) < 1e-4);
            }
        }
    }

    void exceedanceCountsEveryChannelByItsOwnThreshold() {
        const auto samples = randomSamples(16);
        const std::vector<double> thresholds = {9, 21};
        const auto map = exceedance(samples, thresholds);
        bool between = false;
        for (int c = 0; c < kChannels; ++c) {
            const auto plane = map->readPlane({0, c, 0});
            for (int i = 0; i < kSide * kSide; ++i) {
                const auto sorted = sortedAt(samples, c, i % kSide, i / kSide);
                const auto above = std::count_if(sorted.begin(), sorted.end(), [&](double v) {
                    return v > thresholds[std::size_t(c)];
                });
                QCOMPARE(plane.value(i % kSide, i / kSide), double(above) / 16);
                between |= above > 0 && above < 16;
            }
        }
        QVERIFY(between);
        // A value at the threshold is not above it.
        const auto flat = exceedance({stackOf([](int, int) { return 5.f; })}, {5, 4.9});
        QCOMPARE(flat->readPlane({0, 0, 0}).value(0, 0), 0.0);
        QCOMPARE(flat->readPlane({0, 1, 0}).value(0, 0), 1.0);
    }

    void theRatioHasNoValueWhereThereIsNoMean() {
        const auto std = stackOf([](int, int) { return 2.f; });
        const auto mean = stackOf([](int, int i) { return i == 0 ? 0.f : float(i); });
        const auto ratio = relativeDeviation(std, mean)->readPlane({});
        QVERIFY(std::isnan(ratio.value(0, 0)));
        QCOMPARE(ratio.value(4, 0), 0.5);
    }

    void aPartIsTheWholesPart() {
        const auto map = intervalWidth(randomSamples(5), 0.05, 0.95);
        const auto whole = map->readPlane({0, 1, 0});
        const auto part = map->read({0, 1, 0}, 0, {2, 3, 4, 2});
        QCOMPARE(part.width(), 4);
        QCOMPARE(part.value(3, 1), whole.value(5, 4));
    }

    void whatCannotBeIsRefused() {
        QVERIFY_EXCEPTION_THROWN(quantileMap({}, 0.5), Error);
        QVERIFY_EXCEPTION_THROWN(exceedance(randomSamples(2), {1}), Error);
    }
};

QTEST_APPLESS_MAIN(TestUncertaintyMaps)
#include "tst_uncertainty_maps.moc"
